import { readFileSync, statSync } from 'node:fs'
import { LaresError, systemCodeOf } from './errors.ts'

export type Env = Readonly<Record<string, string | undefined>>

export interface VariablesOptions {
  /** In production what is unsafe is refused; elsewhere it is only said. */
  strict: boolean
  /** Reads a secret's file; the real disk unless a test hands in another. */
  readSecretFile?: (path: string) => SecretFile
}

export interface SecretFile {
  text: string
  /** Permission bits. */
  mode: number
}

/** The environment of the process, as far as it is ours to read. Empty counts as not set. */
export interface Variables {
  get(name: string): string | undefined
  /**
   * From `NAME`, or out of the file that `NAME_FILE` names (Docker and systemd credentials; SEC-D1). Throws `invalid`
   * with one sentence when the file is not there, empty, or (strict) readable by everybody.
   */
  getSecret(name: string): string | undefined
  /** Refused when strict, kept as a warning otherwise. */
  object(words: string, code: string): void
  /** What is unsafe and was let pass: for the log, once there is one. */
  readonly warnings: readonly string[]
}

const READABLE_BY_EVERYBODY = 0o004

const fromDisk = (path: string): SecretFile => ({ text: readFileSync(path, 'utf8'), mode: statSync(path).mode })

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a folder',
}

function openSecretFile(name: string, path: string, read: (path: string) => SecretFile): SecretFile {
  try {
    return read(path)
  } catch (cause) {
    const why = WHY[systemCodeOf(cause) ?? ''] ?? 'cannot be read'
    throw new LaresError('invalid', `${name}_FILE names ${path}, which ${why}.`, { code: 'SECRET_FILE_MISSING', cause })
  }
}

export function createVariables(env: Env, { strict, readSecretFile = fromDisk }: VariablesOptions): Variables {
  const warnings: string[] = []
  const get = (name: string): string | undefined => (env[name] === '' ? undefined : env[name])

  function object(words: string, code: string): void {
    if (strict) throw new LaresError('invalid', words, { code })
    if (!warnings.includes(words)) warnings.push(words)
  }

  function readFile(name: string, path: string): string {
    const { text, mode } = openSecretFile(name, path, readSecretFile)
    if ((mode & READABLE_BY_EVERYBODY) !== 0)
      object(
        `${name}_FILE names ${path}, which everybody on this machine may read. Make it yours alone: chmod 600 ${path}.`,
        'SECRET_FILE_OPEN',
      )
    const secret = text.trim()
    if (secret !== '') return secret
    throw new LaresError('invalid', `${name}_FILE names ${path}, which is empty.`, { code: 'SECRET_FILE_EMPTY' })
  }

  return {
    get,
    object,
    warnings,
    getSecret(name) {
      const [value, path] = [get(name), get(`${name}_FILE`)]
      if (value !== undefined && path !== undefined)
        throw new LaresError('invalid', `Both ${name} and ${name}_FILE are set. Keep one of them.`, {
          code: 'SECRET_GIVEN_TWICE',
        })
      return path === undefined ? value : readFile(name, path)
    },
  }
}
