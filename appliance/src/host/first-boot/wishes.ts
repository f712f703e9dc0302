import { isCountry, passwordProblem, ssidProblem, type WantedWifi } from '../wifi/index.ts'
import { FileProblem } from './file-problem.ts'

/** What a file on the card asks of the box. What is left out stays as it is. */
export interface Wishes {
  readonly wifi?: WantedWifi
  /** Two capital letters. */
  readonly country?: string
  readonly hostname?: string
  readonly timezone?: string
  readonly sshKeys?: readonly string[]
  /** Read by the first file system before the data partition is made; here it is only checked. */
  readonly dataEncryption?: DataEncryption
  /** The password stays on the card after it worked. */
  readonly keepPassword: boolean
}

export const DATA_ENCRYPTION = ['none', 'usb-key'] as const
export type DataEncryption = (typeof DATA_ENCRYPTION)[number]

export type WishKey =
  'ssid' | 'psk' | 'country' | 'hidden' | 'hostname' | 'timezone' | 'sshKeys' | 'dataEncryption' | 'keepPassword'

/** One thing that a file says, with the line it says it in. */
export interface Said {
  readonly key: WishKey
  readonly value: unknown
  readonly line: number
}

const HOSTNAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const TIME_ZONE = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9][A-Za-z0-9_+-]*){0,2}$/
const SSH_KEY =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]{40,}={0,2}( [\x20-\x7e]{0,200})?$/

/**
 * Puts together what a file says.
 *
 * @throws {FileProblem} with the line of the first thing that cannot be
 */
export function toWishes(said: readonly Said[]): Wishes {
  const one = (key: WishKey): Said | undefined => said.find((each) => each.key === key)
  const wifi = wantedWifi(one)
  const country = text(one('country'), 'The country')?.toUpperCase()
  demand(one('country'), country === undefined || isCountry(country), 'The country is two letters, for example DE.')
  const hostname = text(one('hostname'), 'The name of the box')?.toLowerCase()
  const named = 'The name of the box has letters, digits and dashes only, 63 at most.'
  demand(one('hostname'), hostname === undefined || HOSTNAME.test(hostname), named)
  const timezone = text(one('timezone'), 'The time zone')
  const zoned = 'The time zone is a name like Europe/Berlin.'
  demand(one('timezone'), timezone === undefined || TIME_ZONE.test(timezone), zoned)
  const dataEncryption = encryption(one('dataEncryption'))
  const sshKeys = keys(one('sshKeys'))
  return {
    ...(wifi && { wifi }),
    ...(country !== undefined && { country }),
    ...(hostname !== undefined && { hostname }),
    ...(timezone !== undefined && { timezone }),
    ...(sshKeys && { sshKeys }),
    ...(dataEncryption && { dataEncryption }),
    keepPassword: flag(one('keepPassword')) ?? false,
  }
}

function wantedWifi(one: (key: WishKey) => Said | undefined): WantedWifi | undefined {
  const ssid = text(one('ssid'), 'The name of the network')
  const psk = text(one('psk'), 'The password of the Wi-Fi')
  const hidden = flag(one('hidden')) ?? false
  if (ssid === undefined) {
    const lonely = one('psk') ?? one('hidden')
    if (lonely) throw new FileProblem(lonely.line, 'The name of the network (ssid) is missing.')
    return undefined
  }
  check(one('ssid'), ssidProblem(ssid))
  // An empty password is no password, as for everybody who leaves the field of a form empty.
  if (psk !== undefined && psk !== '') check(one('psk'), passwordProblem(psk))
  return { ssid, password: psk === undefined || psk === '' ? null : psk, hidden }
}

function encryption(said: Said | undefined): DataEncryption | undefined {
  const value = text(said, 'data_encryption')
  const known = DATA_ENCRYPTION.find((each) => each === value)
  demand(said, value === undefined || known !== undefined, 'data_encryption is "none" or "usb-key".')
  return known
}

function keys(said: Said | undefined): string[] | undefined {
  if (!said) return undefined
  const list = (Array.isArray(said.value) ? (said.value as unknown[]) : [said.value]).filter((each) => each !== '')
  const bad = 'An ssh key is one line that begins with ssh-ed25519 or ssh-rsa, as in the file that ends in .pub.'
  for (const each of list) demand(said, typeof each === 'string' && SSH_KEY.test(each.trim()), bad)
  return list.length === 0 ? undefined : list.map((each) => String(each).trim())
}

function text(said: Said | undefined, what: string): string | undefined {
  if (!said) return undefined
  if (typeof said.value === 'string') return said.value
  throw new FileProblem(said.line, `${what} is a text in quotes.`)
}

function flag(said: Said | undefined): boolean | undefined {
  if (!said) return undefined
  if (typeof said.value === 'boolean') return said.value
  throw new FileProblem(said.line, 'This is true or false, without quotes.')
}

function demand(said: Said | undefined, holds: boolean, words: string): void {
  if (!holds) throw new FileProblem(said?.line ?? null, words)
}

function check(said: Said | undefined, problem: string | null): void {
  if (problem !== null) throw new FileProblem(said?.line ?? null, problem)
}
