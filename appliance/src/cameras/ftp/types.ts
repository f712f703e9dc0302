import type { SecureContext } from 'node:tls'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'

/** Where one camera may put files, and nothing else. */
export interface FtpHome {
  username: string
  /** Absolute. */
  folder: string
}

export interface FtpLimits {
  requireTls: boolean
  passiveFrom: number
  passiveTo: number
  /** What PASV tells instead of the address that the client reached; '': that one. */
  publicAddress: string
  mostConnections: number
  mostPerAddress: number
  largestFileBytes: number
  /** Of everything in one camera's folder. */
  quotaBytes: number
}

export interface FtpServices {
  clock: Clock
  log: Log
  limits(): FtpLimits
  /**
   * Null for a wrong name or password. Throws `too-many` while this address has to wait.
   */
  login(username: string, password: string, address: string): Promise<FtpHome | null>
  /** For AUTH TLS; null: not offered. Asked at each connection, as certificates change. */
  tls: (() => SecureContext) | null
  isDiskLow(): boolean
  /** A whole file lies in its place. */
  onStored(path: string): void
}
