import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../core/clock.ts'
import { newToken } from '../../core/crypto.ts'

const KEPT_MS = 15 * 60_000
const MOST_KEPT = 20
const PATH = /^\/trust\/clients\/([A-Za-z0-9_-]{43})\/(lares-client\.p12|lares-client\.mobileconfig)$/

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  'lares-client.p12': 'application/x-pkcs12',
  'lares-client.mobileconfig': 'application/x-apple-aspen-config',
}

export interface PickupFiles {
  pkcs12: Buffer
  mobileconfig: string
}

/**
 * Hands a locked file to the phone that it is for: over plain HTTP, because that phone cannot come in by HTTPS before it
 * has it. What is handed out is worthless without its password, and the address cannot be guessed.
 */
export interface Pickup {
  put(files: PickupFiles): { paths: { pkcs12: string; mobileconfig: string }; untilMs: number }
  /** False when the request is not for such a file, or its time is over. */
  handle(request: IncomingMessage, response: ServerResponse): boolean
  /** Forgets what was kept too long. */
  tidy(): void
}

export function createPickup(clock: Clock): Pickup {
  const kept = new Map<string, PickupFiles & { untilMs: number }>()
  const tidy = (): void => {
    for (const [token, { untilMs }] of kept) if (clock.now() >= untilMs) kept.delete(token)
    for (const token of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST_KEPT))) kept.delete(token)
  }
  return {
    tidy,
    put(files) {
      const token = newToken()
      const untilMs = clock.now() + KEPT_MS
      kept.set(token, { ...files, untilMs })
      tidy()
      const path = (name: string): string => `/trust/clients/${token}/${name}`
      return { paths: { pkcs12: path('lares-client.p12'), mobileconfig: path('lares-client.mobileconfig') }, untilMs }
    },
    handle(request, response) {
      const [, token = '', name = ''] = PATH.exec(request.url ?? '') ?? []
      const files = kept.get(token)
      if (!files || clock.now() >= files.untilMs || request.method !== 'GET') return false
      const isProfile = name.endsWith('.mobileconfig')
      const body = isProfile ? Buffer.from(files.mobileconfig) : files.pkcs12
      response.writeHead(200, {
        'Content-Type': CONTENT_TYPES[name] ?? 'application/octet-stream',
        'Content-Length': body.length,
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        // iOS installs a profile only when it is shown, not when it is an attachment.
        ...(isProfile ? {} : { 'Content-Disposition': `attachment; filename="${name}"` }),
      })
      response.end(body)
      return true
    },
  }
}
