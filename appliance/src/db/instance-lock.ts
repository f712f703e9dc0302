import sqlite3 from 'sqlite3'
import { LaresError, systemCodeOf } from '../core/errors.ts'
import { toLaresError } from './sqlite-errors.ts'

export interface InstanceLock {
  release(): Promise<void>
}

/** Held for as long as they are not released: a handle that nobody refers to is collected, and its lock goes with it. */
const held = new Set<object>()

/**
 * Keeps two servers from sharing one data folder. SQLite takes a lock of the operating system on the file: it ends with
 * the process however that ends, so a kill -9 or a power cut leaves nothing to clean up, and containers that share a
 * volume see it too (a file with a process number in it could not promise either).
 * Throws `conflict` DATA_IN_USE.
 */
export function lockInstance(file: string, folder: string): Promise<InstanceLock> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      const busy = systemCodeOf(error)?.startsWith('SQLITE_BUSY')
      const inUse = new LaresError(
        'conflict',
        `Another Lares is already running on the data folder ${folder}. Stop it first, or choose another folder with LARES_DATA or --data.`,
        { code: 'DATA_IN_USE', cause: error },
      )
      reject(busy ? inUse : toLaresError(error))
    }
    const handle = new sqlite3.Database(file, (openError) => {
      if (openError) return fail(openError)
      handle.exec('pragma busy_timeout = 0; pragma journal_mode = memory; begin exclusive', (error: Error | null) => {
        if (error) return handle.close(() => fail(error))
        held.add(handle)
        resolve({
          release: () => {
            held.delete(handle)
            return new Promise((done) => handle.close(() => done()))
          },
        })
      })
    })
  })
}
