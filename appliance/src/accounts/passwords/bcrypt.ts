import { Worker } from 'node:worker_threads'
import { LaresError } from '../../core/errors.ts'

/** The source while it runs unbuilt, the compiled file beside it in the image. */
const WORKER_FILE = new URL(`./bcrypt-worker${import.meta.url.slice(-3)}`, import.meta.url)

export interface BcryptQuestion {
  password: string
  hash: string
}

/**
 * Whether the password is the one of a bcrypt hash. In a thread of its own: seconds of work on a small box, and asked but
 * once for each imported person. Plain JavaScript, because native builds for arm64 expect more than a Raspberry Pi 4 has.
 */
export function verifyBcrypt(password: string, hash: string): Promise<boolean> {
  const question: BcryptQuestion = { password, hash }
  const worker = new Worker(WORKER_FILE, { workerData: question, name: 'bcrypt' })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new LaresError('internal', 'A password could not be checked.')))
  })
}
