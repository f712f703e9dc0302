import type { Audit } from '../audit/index.ts'
import type { BootConfig } from '../boot-config.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Events } from '../events.ts'
import type { Notices } from '../health/index.ts'
import type { PathSigner } from '../http/index.ts'
import type { Host } from '../host/index.ts'
import type { OpenHome } from '../open-home.ts'

export interface ComposeOptions {
  config: BootConfig
  home: OpenHome
  clock: Clock
  log: Log
  /** The machine under the product. */
  host: Host
  /** Ends this process; whoever started it starts it anew. */
  leave(): void
}

/** What every part below needs. */
export interface Ground extends ComposeOptions {
  bus: Bus<Events>
  notices: Notices
  audit: Audit
  signer: PathSigner
  /** Known once the server listens. */
  ports(): { httpsPort: number; httpPort: number }
}
