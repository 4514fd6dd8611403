import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { startProviders, TRADING } from './providers.ts'
import { runProgram } from './run-program.ts'

test('the heartbeat comes after completed rounds, also while a provider answers nonsense, and ends with the program', async () => {
  let beats = 0
  const server = createServer((_request, response) => {
    beats += 1
    response.end()
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  onTestFinished(() => void server.close())
  const { coinbase, settings } = await startProviders({ coinbase: { 'BTC-USD': '97410' } })
  const until = async (isReached: () => boolean) => {
    while (!isReached()) await wait(20)
  }

  const HEARTBEAT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping`
  const program = runProgram(
    ['start'],
    { ...settings, HEARTBEAT_URL, MONGODB_URI: freshDatabase() },
    { clock: TRADING },
  )
  await program.ask('alert BTC > 1m')
  await until(() => beats >= 3)
  coinbase.behave('web page')
  const [before, heard] = [coinbase.requests.length, beats]
  await until(() => coinbase.requests.length >= before + 3 && beats >= heard + 3)

  program.type('exit')
  expect(await program.ended()).toEqual({ code: 0, signal: null })
  expect(program.err()).not.toContain('the heartbeat did not get through')
})

test('an address of the heartbeat that does not answer well is logged and stops nothing', async () => {
  const { coinbase, settings } = await startProviders({ coinbase: { 'BTC-USD': '97410' } })
  const program = runProgram(
    ['start'],
    { ...settings, HEARTBEAT_URL: 'http://127.0.0.1:9/ping', MONGODB_URI: freshDatabase() },
    { clock: TRADING },
  )
  await program.ask('alert BTC > 100k')
  await program.notes(/the heartbeat did not get through/)
  coinbase.prices.set('BTC-USD', '101000')
  await program.sees(/^Alert 1: BTC price > 100k$/m)
})
