import type { Permission } from '../../wire.ts'

/** Something harmless that the key may ask for. */
const FIRST_CALLS: readonly (readonly [Permission, string])[] = [
  ['incidents.view', '/api/incidents'],
  ['cameras.view', '/api/cameras'],
  ['devices.view', '/api/plugs'],
  ['system.view', '/api/health'],
]

/** A command that shows that a key works. The root certificate is not in the terminal's store: it is named. Pure. */
export function curlLine(origin: string, secret: string, scopes: readonly Permission[]): string {
  const path = FIRST_CALLS.find(([needs]) => scopes.includes(needs))?.[1] ?? '/api/settings/home'
  return `curl --cacert lares-root.pem -H 'X-API-Key: ${secret}' ${origin}${path}`
}
