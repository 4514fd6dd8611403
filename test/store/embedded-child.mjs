// A process that runs the embedded MongoDB as the program does, to be killed by the tests.
// node embedded-child.mjs MODULE DATA_DIR CACHE_DIR [throw|exit|interrupt]
const [module, dataDir, cacheDir, then] = process.argv.slice(2)
const { startEmbedded } = await import(module)
const print = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

try {
  const embedded = await startEmbedded({ dataDir, cacheDir, say: (said) => print({ said }) })
  const report = () => print({ uri: embedded.uri, pid: embedded.pid() })
  // Before the report: whoever reads it may send a signal at once.
  process.on('SIGTERM', () => void embedded.stop().then(() => process.exit(0)))
  // As the program does it: it still has something to write after Ctrl-C.
  if (then === 'interrupt') process.on('SIGINT', () => setTimeout(report, 300))
  report()
  if (then === 'throw') setTimeout(() => Promise.reject(new Error('a mistake of ours')), 50)
  if (then === 'exit') setTimeout(() => process.exit(0), 50)
} catch (error) {
  print({ failed: error.name, message: error.message })
  process.exitCode = 1
}
