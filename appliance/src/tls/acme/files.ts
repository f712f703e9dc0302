import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { sha256Hex } from '../../core/crypto.ts'
import { readIfThere, syncFolder, writeFileDurably } from '../../core/disk.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'

const KEY_BLOCK = /-----BEGIN (?:EC )?PRIVATE KEY-----[^-]+-----END (?:EC )?PRIVATE KEY-----\n?/
const CERTIFICATE_BLOCKS = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g

/** The certificates in a text, leaf first, each as PEM. */
export const certificatesIn = (text: string): string[] => text.match(CERTIFICATE_BLOCKS) ?? []

export interface KeyedChain {
  /** Leaf first. */
  certPem: string
  keyPem: string
}

const account = z.object({
  directoryUrl: z.string(),
  keyPem: z.string(),
  /** Null until the authority has confirmed it. */
  accountUrl: z.string().nullable(),
  email: z.string(),
})
export type StoredAccount = z.infer<typeof account>

const order = z.object({
  directoryUrl: z.string(),
  names: z.array(z.string()),
  profile: z.string(),
  url: z.string(),
  /** Key of the certificate to come. */
  keyPem: z.string(),
  startedAtMs: z.number(),
})
export type StoredOrder = z.infer<typeof order>

const moment = z.number().nullable()
const state = z.object({
  /** What the configuration was, in a few letters. */
  configMark: z.string(),
  issuedAtMs: z.array(z.number()),
  lastTriedAtMs: moment,
  lastRenewedAtMs: moment,
  failures: z.object({ count: z.int(), lastAtMs: z.number(), notBeforeMs: moment, words: z.string() }),
  /** Who issued which certificate. */
  issuer: z.object({ fingerprint: z.string(), directoryUrl: z.string() }).nullable(),
  advice: z.object({ certId: z.string(), startMs: z.number(), endMs: z.number(), chosenMs: z.number() }).nullable(),
  adviceDueAtMs: z.number(),
  asked: z.boolean(),
})
export type StoredState = z.infer<typeof state>

export const NO_FAILURES = { count: 0, lastAtMs: 0, notBeforeMs: null, words: '' } as const
export const FIRST_STATE: StoredState = {
  ...{ configMark: '', issuedAtMs: [], lastTriedAtMs: null, lastRenewedAtMs: null, failures: { ...NO_FAILURES } },
  ...{ issuer: null, advice: null, adviceDueAtMs: 0, asked: false },
}

/** `tls/acme/` in the data folder; every file for its owner alone. Certificate and key share one, so that nothing parts them. */
export interface AcmeFiles {
  /** Null when there is none; one that is damaged is kept under another name. */
  readCertificate(nowMs: number): Promise<KeyedChain | null>
  writeCertificate(chain: KeyedChain): Promise<void>
  /** Throws `unavailable` when it is damaged: a lost account is made anew by moving the file away. */
  readAccount(directoryUrl: string): Promise<StoredAccount | null>
  writeAccount(account: StoredAccount): Promise<void>
  /** What was ordered and not fetched when the power went. */
  readOrder(): Promise<StoredOrder | null>
  writeOrder(order: StoredOrder): Promise<void>
  removeOrder(): Promise<void>
  readState(): Promise<StoredState>
  writeState(state: StoredState): Promise<void>
}

/** Null when one of the two is missing, unreadable, or they do not belong together. */
function parseChain(text: string): KeyedChain | null {
  const keyPem = KEY_BLOCK.exec(text)?.[0]
  const certificates = certificatesIn(text)
  try {
    if (keyPem === undefined || certificates[0] === undefined) return null
    const fits = new X509Certificate(certificates[0]).checkPrivateKey(createPrivateKey(keyPem))
    return fits ? { certPem: certificates.join(''), keyPem } : null
  } catch {
    return null
  }
}

function parseJson<T>(text: string | null, schema: z.ZodType<T>): T | 'damaged' | null {
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return 'damaged'
  }
}

function accountDamaged(file: string): LaresError {
  const words = `The file ${file} is damaged. Restore it from a backup, or move it away: Lares then makes a new account.`
  return new LaresError('unavailable', words, { code: 'ACCOUNT_DAMAGED' })
}

export function createAcmeFiles(dataDir: string, log: Log): AcmeFiles {
  const folder = join(dataDir, 'tls', 'acme')
  const at = (name: string): string => join(folder, name)
  const accountFile = (directoryUrl: string): string => at(`account-${sha256Hex(directoryUrl).slice(0, 12)}.json`)
  async function write(file: string, content: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFileDurably(file, content, 0o600)
  }
  let lastWrite: Promise<void> = Promise.resolve()
  const writeJson = (file: string, value: object): Promise<void> => write(file, `${JSON.stringify(value)}\n`)

  async function putAside(file: string, nowMs: number): Promise<void> {
    const aside = `${file}.damaged-${nowMs}`
    await rename(file, aside)
    await syncFolder(folder)
    log.warn({ file: aside }, 'The public certificate could not be used; a new one is ordered')
  }

  return {
    async readCertificate(nowMs) {
      const file = at('certificate.pem')
      const text = await readIfThere(file)
      const chain = text === null ? null : parseChain(text)
      if (text !== null && !chain) await putAside(file, nowMs)
      return chain
    },
    writeCertificate: ({ certPem, keyPem }) => write(at('certificate.pem'), certPem + keyPem),
    async readAccount(directoryUrl) {
      const file = accountFile(directoryUrl)
      const stored = parseJson(await readIfThere(file), account)
      if (stored === 'damaged') throw accountDamaged(file)
      return stored
    },
    writeAccount: (stored) => writeJson(accountFile(stored.directoryUrl), stored),
    async readOrder() {
      const stored = parseJson(await readIfThere(at('order.json')), order)
      return stored === 'damaged' ? null : stored
    },
    writeOrder: (stored) => writeJson(at('order.json'), stored),
    async removeOrder() {
      await rm(at('order.json'), { force: true })
    },
    async readState() {
      const stored = parseJson(await readIfThere(at('state.json')), state)
      return stored === 'damaged' || stored === null ? structuredClone(FIRST_STATE) : stored
    },
    writeState(stored) {
      // One after the other: a person may ask for something while an order is under way.
      lastWrite = lastWrite
        .then(() => writeJson(at('state.json'), stored))
        // A full disk must not end renewals: what is not written is only remembered until the next start.
        .catch((error: unknown) => log.warn({ err: messageOf(error) }, 'Cannot remember how renewal stands'))
      return lastWrite
    },
  }
}
