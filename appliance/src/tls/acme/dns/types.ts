import type { WebCaller } from '../../../core/web-call.ts'
import type { Clock } from '../../../core/clock.ts'
import type { Log } from '../../../core/log.ts'

/** Who changes TXT records of a name. One at a time: nobody calls `set` again before `remove`, or for another name. */
export interface DnsProvider {
  readonly name: string
  /** `fqdn` without a dot at its end. Other values of the same name stay (where the provider can hold several). */
  set(fqdn: string, value: string, signal: AbortSignal): Promise<void>
  /** Takes away this value and no other; no error when it is gone already. */
  remove(fqdn: string, value: string, signal: AbortSignal): Promise<void>
}

export interface DnsProviderDeps {
  dataDir: string
  call: WebCaller
  clock: Clock
  log: Log
  /** Where a webhook may stand; the home and the internet, never this box, when left out. */
  isAllowedAddress?: (address: string) => boolean
}
