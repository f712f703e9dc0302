import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { WebCaller } from '../../core/web-call.ts'
import type { ServedCertificate } from '../source.ts'
import { askAdvice, certificateIdOf, pickMoment } from './ari.ts'
import type { StoredState } from './files.ts'

const HOUR_MS = 60 * 60_000
/** Without an answer, and where an authority has no advice to give. */
const AGAIN_AFTER_MS = 6 * HOUR_MS
const NONE_AGAIN_AFTER_MS = 24 * HOUR_MS

const directory = z.object({ renewalInfo: z.url({ protocol: /^https$/ }).optional() })

interface Deps {
  call: WebCaller
  clock: Clock
  log: Log
  signal: AbortSignal
}

async function renewalInfoUrl(directoryUrl: string, { call, signal }: Deps): Promise<string | undefined> {
  const reply = await call({ url: directoryUrl, method: 'GET', headers: {}, signal })
  return directory.parse(JSON.parse(reply.body)).renewalInfo
}

type AdviceState = Pick<StoredState, 'advice' | 'adviceDueAtMs'>

/**
 * How renewal stands after asking the authority (RFC 9773). The moment is drawn once for each window and kept: drawn
 * anew at every question it would creep towards the window's start.
 */
export async function refreshAdvice(
  served: ServedCertificate,
  directoryUrl: string,
  before: AdviceState,
  deps: Deps,
): Promise<AdviceState> {
  const { clock, log, call, signal } = deps
  const due = (pauseMs: number): number => clock.now() + pauseMs
  try {
    const [url, certId] = [await renewalInfoUrl(directoryUrl, deps), await certificateIdOf(served.certPem)]
    if (url === undefined || certId === null) return { advice: null, adviceDueAtMs: due(NONE_AGAIN_AFTER_MS) }
    const { window, pauseMs } = await askAdvice(call, url, certId, () => clock.now(), signal)
    const { advice } = before
    const isSame = advice?.certId === certId && advice.startMs === window.startMs && advice.endMs === window.endMs
    const next = isSame ? advice : { certId, ...window, chosenMs: pickMoment(window) }
    return { advice: next, adviceDueAtMs: due(pauseMs) }
  } catch (error) {
    log.debug({ err: messageOf(error) }, 'No advice on renewal')
    return { advice: before.advice, adviceDueAtMs: due(AGAIN_AFTER_MS) }
  }
}
