import { mongo } from 'mongoose'

/** What the driver throws where no server took what was asked, or none said what became of it. */
const AWAY = [
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoOperationTimeoutError,
] as const

/** A server that is shutting down, or has another one to lead it (MongoDB, error codes, category of state changes). */
const LEAVING: ReadonlySet<unknown> = new Set([91, 189, 10_107, 11_600, 11_602, 13_435, 13_436])

/** Whether something was thrown because the database could not be reached: then it may have been done, or not. */
export function isAway(error: unknown): boolean {
  if (AWAY.some((kind) => error instanceof kind)) return true
  if (error instanceof mongo.MongoServerError && LEAVING.has(error.code)) return true
  return error instanceof Error && error.cause !== undefined && isAway(error.cause)
}
