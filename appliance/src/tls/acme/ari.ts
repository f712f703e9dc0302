import { randomInt, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import type { WebCaller } from '../../core/web-call.ts'
import { LaresError } from '../../core/errors.ts'
import { retryAfterMs } from './problems.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const USUAL_PAUSE_MS = 6 * HOUR_MS
const SHORTEST_PAUSE_MS = MINUTE_MS
const LONGEST_PAUSE_MS = 24 * HOUR_MS

export interface SuggestedWindow {
  startMs: number
  endMs: number
}

const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')

/** The name of a certificate in RFC 9773: key identifier of its issuer and serial number, both hex. */
export function certificateId(authorityKeyId: string, serialNumber: string): string {
  const even = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`
  // As the DER integer has it: a leading zero byte keeps it positive.
  const der = Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even
  return `${base64url(authorityKeyId)}.${base64url(der)}`
}

/** Null when the certificate does not say who issued it. */
export async function certificateIdOf(certPem: string): Promise<string | null> {
  // The library refuses to load without it, and costs 0.2 s: only here.
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const authority = new x509.X509Certificate(certPem).getExtension(x509.AuthorityKeyIdentifierExtension)
  if (authority?.keyId === undefined) return null
  return certificateId(authority.keyId, new X509Certificate(certPem).serialNumber)
}

const renewalInfo = z.object({
  suggestedWindow: z.object({ start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }) }),
})

/** Null for anything that is no window: an end that is not after its start is to be treated as no answer. */
export function windowIn(body: string): SuggestedWindow | null {
  try {
    const { start, end } = renewalInfo.parse(JSON.parse(body)).suggestedWindow
    const [startMs, endMs] = [Date.parse(start), Date.parse(end)]
    return endMs > startMs ? { startMs, endMs } : null
  } catch {
    return null
  }
}

/** A random moment inside, so that not all homes come at once. `fraction`: 0 to 1, random when left out. */
export function pickMoment({ startMs, endMs }: SuggestedWindow, fraction = randomInt(2 ** 32) / 2 ** 32): number {
  return Math.round(startMs + (endMs - startMs) * fraction)
}

/** When to ask again: as the answer says, within a minute and a day; six hours when it does not. */
export function pauseAfterAdvice(header: string | undefined, nowMs: number): number {
  const asked = retryAfterMs(header, nowMs)
  return asked === null ? USUAL_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, asked))
}

export interface Advice {
  window: SuggestedWindow
  pauseMs: number
}

/** Asks the authority when it wants this certificate renewed. Throws when there is no usable answer. */
export async function askAdvice(
  call: WebCaller,
  url: string,
  certId: string,
  nowMs: () => number,
  signal: AbortSignal,
): Promise<Advice> {
  const reply = await call({ url: `${url.replace(/\/$/, '')}/${certId}`, method: 'GET', headers: {}, signal })
  const window = reply.status === 200 ? windowIn(reply.body) : null
  if (!window) throw new LaresError('unavailable', `The authority gave no advice on renewal (${reply.status}).`)
  return { window, pauseMs: pauseAfterAdvice(reply.headers['retry-after'], nowMs()) }
}
