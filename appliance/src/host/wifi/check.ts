import type { WantedWifi } from './types.ts'

const MOST_SSID_BYTES = 32

/** What is wrong with the name of a network, in words; null when nothing is. */
export function ssidProblem(ssid: string): string | null {
  if (ssid === '') return 'The name of the network is missing.'
  if (Buffer.byteLength(ssid) > MOST_SSID_BYTES) return 'The name of the network is too long: 32 bytes at most.'
  return /\p{Cc}/u.test(ssid) ? 'The name of the network holds a character that no name can have.' : null
}

/** What is wrong with a password of WPA, in words; null when nothing is. Never repeats it. */
export function passwordProblem(password: string): string | null {
  if (/^[0-9a-f]{64}$/i.test(password)) return null
  if (/[^\x20-\x7e]/.test(password))
    return 'The password of a Wi-Fi has letters, digits and signs without accents only.'
  return password.length < 8 || password.length > 63 ? 'The password of a Wi-Fi has 8 to 63 characters.' : null
}

export function wifiProblem({ ssid, password }: Pick<WantedWifi, 'ssid' | 'password'>): string | null {
  return ssidProblem(ssid) ?? (password === null ? null : passwordProblem(password))
}

/** Two letters, as on a number plate for letters: what decides which channels may be used. */
export const isCountry = (text: string): boolean => /^[A-Z]{2}$/.test(text)
