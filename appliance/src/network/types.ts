import type { JoinWifi, NetworkState, ScanReply } from '../api/network.ts'
import type { RequestContext, Route } from '../http/route.ts'

export interface Network {
  readonly routes: readonly Route[]
  state(): Promise<NetworkState>
  /** Throws `unsupported` where no radio is ours. */
  scan(): Promise<ScanReply>
  /** Begins; what came of it is in `state`. Throws `invalid`, `unsupported`, `conflict` while another is tried. */
  join(wanted: JoinWifi, request: RequestContext): Promise<NetworkState>
  /** Throws `unsupported`, and `conflict` when the box would be without any network. */
  forget(request: RequestContext): Promise<NetworkState>
}
