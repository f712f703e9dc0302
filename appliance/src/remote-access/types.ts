import type { AddPeer, AddPeerReply, ChangeRemoteAccess, RemoteAccess as View } from '../api/remote-access.ts'
import type { PartWithLateWork } from '../core/part.ts'
import type { Principal, Route } from '../http/route.ts'

/** Who changes something, for the record. */
export interface Changer {
  principal: Principal | null
  address: string
  userAgent: string
}

export interface RemoteAccess extends PartWithLateWork {
  readonly routes: readonly Route[]
  /** Addresses in the tunnel at which the app answers; empty while it is off or another machine runs it. */
  addresses(): readonly string[]
}

/** What the routes call. */
export interface RemoteAccessActs {
  overview(): Promise<View>
  /** Throws `invalid` REMOTE_HOST_MISSING. */
  change(wanted: ChangeRemoteAccess, by: Changer): Promise<View>
  /** Throws `conflict` REMOTE_OFF, TOO_MANY_PEERS. */
  add(input: AddPeer, by: Changer): Promise<AddPeerReply>
  /** At once, when this box runs the tunnel. Throws `not-found`. */
  remove(id: string, by: Changer): Promise<View>
  /** Throws `conflict` REMOTE_OFF. */
  serverConfig(by: Changer): Promise<string>
}
