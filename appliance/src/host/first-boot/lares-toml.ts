import { FileProblem } from './file-problem.ts'
import { parseToml, type TomlEntry } from './toml.ts'
import { toWishes, type Said, type WishKey, type Wishes } from './wishes.ts'

/** `table.key` of `lares.toml` → what it is. */
const KEYS: Readonly<Record<string, WishKey>> = {
  '.hostname': 'hostname',
  '.timezone': 'timezone',
  '.ssh_key': 'sshKeys',
  '.data_encryption': 'dataEncryption',
  'wifi.ssid': 'ssid',
  'wifi.psk': 'psk',
  'wifi.country': 'country',
  'wifi.hidden': 'hidden',
  'wifi.keep_psk': 'keepPassword',
}

/** Of `custom.toml`, which Raspberry Pi Imager writes. Its users and keyboards are nothing of ours. */
const IMAGER_KEYS: Readonly<Record<string, WishKey>> = {
  'system.hostname': 'hostname',
  'locale.timezone': 'timezone',
  'ssh.authorized_keys': 'sshKeys',
  'wlan.ssid': 'ssid',
  'wlan.password': 'psk',
  'wlan.country': 'country',
  'wlan.hidden': 'hidden',
}

/** The tables whose lines are taken away once the Wi-Fi works. */
export const WIFI_TABLES = ['wifi', 'wlan']

/**
 * Our own file: every key is one that we know.
 *
 * @throws {FileProblem}
 */
export function readLaresToml(text: string): Wishes {
  return toWishes(
    parseToml(text).map((entry) => {
      const key = KEYS[nameOf(entry)]
      if (key) return { key, value: entry.value, line: entry.line }
      throw new FileProblem(entry.line, `Nothing here is called ${entry.table && `${entry.table}.`}${entry.key}.`)
    }),
  )
}

/**
 * Imager's file: what we do not know is nothing to us. A password that Imager turned into a key already is one of 64
 * hexadecimal digits, which NetworkManager takes as well.
 *
 * @throws {FileProblem}
 */
export function readImagerToml(text: string): Wishes {
  const said = parseToml(text).flatMap((entry): Said[] => {
    const key = IMAGER_KEYS[nameOf(entry)]
    return key ? [{ key, value: entry.value, line: entry.line }] : []
  })
  return toWishes(said)
}

const nameOf = ({ table, key }: TomlEntry): string => `${table}.${key}`
