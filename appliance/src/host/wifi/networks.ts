import type { HeardNetwork } from './types.ts'

const MOST = 40

/** `WPA1 WPA2`, `WPA3`, `WPA2 802.1X`, `WEP`, `OWE`, empty: as NetworkManager words it. */
export function securityOf(words: string): HeardNetwork['security'] {
  if (words === '' || words === '--' || /^OWE/.test(words)) return 'open'
  if (/802\.1X|WEP/.test(words)) return 'unsupported'
  return /WPA/.test(words) ? 'password' : 'unsupported'
}

/**
 * What was heard, one entry a name (a house may have several radios of one name), strongest first. Networks without a
 * name and control characters in names are left out.
 *
 * @param rows `SSID`, `SIGNAL` (0 to 100), `SECURITY`
 */
export function listNetworks(rows: readonly (readonly string[])[]): HeardNetwork[] {
  const byName = new Map<string, HeardNetwork>()
  for (const [ssid = '', signal = '', security = ''] of rows) {
    if (ssid === '' || /\p{Cc}/u.test(ssid)) continue
    const strength = Math.min(100, Math.max(0, Math.round(Number(signal)) || 0))
    const known = byName.get(ssid)
    if (!known || known.strength < strength) byName.set(ssid, { ssid, strength, security: securityOf(security) })
  }
  return [...byName.values()].sort((a, b) => b.strength - a.strength || (a.ssid < b.ssid ? -1 : 1)).slice(0, MOST)
}
