import { sleep, type Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { AccessPoint, PageState, Phase, Radio, Request } from './types.ts'

export interface WatchOptions {
  radio: Radio
  point: AccessPoint
  clock: Clock
  log: Log
  /** For the console. */
  onPhase(phase: Phase): Promise<void>
  signal: AbortSignal
}

/** A router gives an address in a few seconds. The timer that starts us has waited a minute already. */
const PATIENCE_MS = 15_000
/** After a power cut the router takes minutes: a box that knows its Wi-Fi waits for it. */
const PATIENCE_KNOWN_MS = 255_000
const POLL_MS = 5_000
/** While nobody uses the page, the Wi-Fi that is known is tried again this often: its router may be back. */
const RETRY_MS = 300_000
/** The answer has to reach the phone before its network goes away. */
const GOODBYE_MS = 2_000

/**
 * Waits for a network. Where none comes by itself, opens the access point and lets somebody say which Wi-Fi to join, as
 * often as it takes. Ends when a cable or a Wi-Fi works, or by `signal`.
 */
export async function watchNetwork(options: WatchOptions): Promise<void> {
  const { radio, point, log, onPhase, signal } = options
  await onPhase('waiting')
  if (await comesByItself(options)) return onPhase('done')
  let page: PageState = { networks: [], lastFailure: null, country: await radio.country() }
  let failures = 0
  while (!signal.aborted) {
    try {
      page = { ...page, networks: await listen(options, page) }
      await point.open(page)
      await onPhase('open')
      const request = await serve(options)
      if (request !== 'online') await sleep(options.clock, GOODBYE_MS, signal)
      await point.close()
      if (request === 'online') break
      failures = 0
      const next = await carryOut(request, options)
      if (next === 'joined') break
      if (next) page = { ...page, ...next }
    } catch (error) {
      failures += 1
      log.warn({ err: messageOf(error), failures }, 'The access point does not work')
      await point.close()
      await onPhase('waiting')
      await sleep(options.clock, Math.min(failures * 10_000, 60_000), signal)
      if (await radio.isOnline().catch(() => false)) break
    }
  }
  await point.close()
  await onPhase('done')
}

/** A radio that cannot listen right now can still be an access point: names may be typed. */
async function listen({ radio, log }: WatchOptions, { networks }: PageState): Promise<PageState['networks']> {
  try {
    return await radio.scan()
  } catch (error) {
    log.warn({ err: messageOf(error) }, 'The radio could not listen')
    return networks
  }
}

async function comesByItself({ radio, clock, signal }: WatchOptions): Promise<boolean> {
  const patienceMs = (await radio.isWifiKnown()) ? PATIENCE_KNOWN_MS : PATIENCE_MS
  const startedAt = clock.monotonic()
  while (!signal.aborted) {
    if (await radio.isOnline()) return true
    if (clock.monotonic() - startedAt >= patienceMs) return false
    await sleep(clock, POLL_MS, signal)
  }
  return true
}

type Retry = { kind: 'retry' }

/** Until somebody asks for something, a cable works, or the known Wi-Fi is worth another try. */
async function serve({ radio, point, clock, signal }: WatchOptions): Promise<Request | Retry | 'online'> {
  const openedAt = clock.monotonic()
  while (!signal.aborted) {
    const request = await point.nextRequest(POLL_MS, signal)
    if (request) return request
    if (await radio.isOnline()) return 'online'
    const isTime = clock.monotonic() - openedAt >= RETRY_MS
    if (isTime && !point.wasUsed(RETRY_MS) && (await radio.isWifiKnown())) return { kind: 'retry' }
  }
  return 'online'
}

async function carryOut(
  request: Request | Retry,
  { radio, log, onPhase }: WatchOptions,
): Promise<Partial<PageState> | 'joined' | null> {
  if (request.kind === 'scan') return null
  await onPhase('joining')
  if (request.kind === 'retry') return (await radio.rejoin()) === null ? 'joined' : null
  const { wanted, country } = request
  await radio.setCountry(country)
  const failure = await radio.join(wanted)
  if (failure === null) return 'joined'
  log.info({ failure }, 'Joining did not work; the access point comes back')
  return { country, lastFailure: { ssid: wanted.ssid, failure } }
}
