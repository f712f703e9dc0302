import type { Socket } from 'node:net'
import { LaresError } from '../../core/errors.ts'
import type { DataConnection } from './data-connection.ts'
import { resolveParts } from './paths.ts'
import type { FtpHome, FtpServices } from './types.ts'

export interface SessionState {
  readonly services: FtpServices
  readonly address: string
  readonly localAddress: string
  /** A preliminary reply. */
  tell(reply: string): void
  username: string | null
  home: FtpHome | null
  /** Where the client is, below its home. */
  parts: readonly string[]
  renameFrom: readonly string[] | null
  offered: DataConnection | null
  /** The data connection in use. */
  transfer: Socket | null
  isSecure: boolean
  /** PROT P: data connections have TLS too. */
  isProtected: boolean
  /** After EPSV ALL. */
  onlyExtended: boolean
  failedLogins: number
  /** Paths of what this connection has sent: a client may take back its own, and nothing else. */
  stored: Set<string>
  /** Bytes in the home, counted once and then kept up. */
  usedBytes: number | null
}

export type SignedIn = SessionState & { home: FtpHome }

/** The data connection that was offered, with TLS as agreed. Throws `unavailable`, `timeout`. */
export async function openTransfer(state: SignedIn): Promise<Socket> {
  const { offered, services } = state
  state.offered = null
  if (!offered) throw new LaresError('unavailable', 'PASV or EPSV comes first.')
  if (services.limits().requireTls && !state.isProtected) {
    offered.close()
    throw new LaresError('invalid', 'Only with PROT P here.')
  }
  state.tell('150 Go on.')
  const socket = await offered.socket(state.isProtected && services.tls ? services.tls() : null)
  state.transfer = socket
  return socket
}

/** Throws `invalid` for what is no name here. */
export function partsOf(state: SignedIn, said: string): string[] {
  const parts = said === '' ? null : resolveParts(state.parts, said)
  if (parts) return parts
  throw new LaresError('invalid', 'That is not a name that can be used here.')
}
