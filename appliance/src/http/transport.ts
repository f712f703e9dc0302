import type { IncomingMessage } from 'node:http'
import { plainAddress } from './client-address.ts'

const LOOPBACK = /^(127\.|::1$)/

/**
 * Whether the browser's end of this request is encrypted: by us, or (only with `TLS_MODE=disabled`, where nothing that
 * reaches the app is encrypted here) by a proxy on this machine that says so.
 */
export function isEncrypted({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  if ((socket as { encrypted?: boolean }).encrypted === true) return true
  return headers['x-forwarded-proto'] === 'https' && LOOPBACK.test(plainAddress(socket.remoteAddress))
}

export type Scheme = 'http' | 'https'

export const schemeOf = (request: Pick<IncomingMessage, 'socket' | 'headers'>): Scheme =>
  isEncrypted(request) ? 'https' : 'http'
