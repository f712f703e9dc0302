import { sleep, type Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { supervise, type Loop } from '../../core/supervise.ts'
import { parseDeviceAddress, stayAt } from './device-address.ts'
import { createDeviceCaller } from './device-call.ts'
import { openDevice, type OnvifDevice } from './device.ts'
import { onvifFailure, reasonOf } from './failure.ts'
import { tellsMotion } from './motion-events.ts'
import type { OwnNetworks } from './own-networks.ts'
import { SPACES, type SoapRequest } from './soap.ts'
import type { Credentials } from './types.ts'
import { child, escapeXml, textAt, type XmlElement } from './xml.ts'

export interface EventWatchDeps {
  cameraName: string
  /** Of the device service, as its owner confirmed it. */
  address: string
  credentials: Credentials | null
  networks: OwnNetworks
  clock: Clock
  log: Log
  /** At most once a second. */
  onMotion(): void
}

const MANAGER = 'http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager'
const PULL_S = 20
const PULL_TIMEOUT_MS = (PULL_S + 10) * 1_000
/** Longer than a pull, so that one lost pull does not end it; short enough that a dead box does not hold it for long. */
const LEASE_S = 120
const RENEW_AFTER_MS = 60_000
const GOODBYE_MS = 2_000
/** A device that answers at once with nothing, again and again, is not asked faster than this. */
const LEAST_PULL_MS = 250
const HINT_EVERY_MS = 1_000
const BACKOFF_MS = [2_000, 5_000, 15_000, 60_000, 300_000] as const
/** Cameras lock accounts after a few wrong passwords. */
const PATIENT_MS = 300_000

/** Listens to what a device itself sees moving, by a PullPoint subscription that is made anew whenever it is lost. */
export function watchEvents(deps: EventWatchDeps): Loop {
  const { cameraName, clock, log } = deps
  let waitFirstMs = 0
  async function runOnce(signal: AbortSignal): Promise<void> {
    if (waitFirstMs > 0) await sleep(clock, waitFirstMs, signal)
    if (signal.aborted) return
    try {
      waitFirstMs = 0
      await listen(deps, signal)
    } catch (error) {
      if (signal.aborted) return
      const reason = reasonOf(error)
      if (reason === 'wrong-password' || reason === 'locked-out' || reason === 'refused') waitFirstMs = PATIENT_MS
      throw error
    }
  }
  return supervise({ name: `events of ${cameraName}`, clock, log, runOnce, backoffMs: BACKOFF_MS })
}

async function listen(deps: EventWatchDeps, signal: AbortSignal): Promise<void> {
  const { clock, credentials, networks } = deps
  const address = parseDeviceAddress(deps.address)
  const device = await openDevice(address, { networks, clock, credentials, signal })
  try {
    const { events } = await device.services()
    if (events === null) throw onvifFailure('bad-answer', new Error('It has no event service.'))
    const subscription = await subscribe(device, events)
    try {
      await pullOn(device, subscription, deps, signal)
    } finally {
      await sayGoodbye(device, subscription, deps)
    }
  } finally {
    device.call.close()
  }
}

interface Subscription {
  url: string
  /** Reference parameters, to be sent back as headers. */
  headers: string
}

async function subscribe(device: OnvifDevice, events: string): Promise<Subscription> {
  const { body } = await device.call.ask(events, {
    action: `${SPACES.events}/EventPortType/CreatePullPointSubscriptionRequest`,
    to: events,
    body:
      `<CreatePullPointSubscription xmlns="${SPACES.events}"><InitialTerminationTime>PT${LEASE_S}S</InitialTerminationTime>` +
      '</CreatePullPointSubscription>',
  })
  const reference = child(body, 'CreatePullPointSubscriptionResponse', 'SubscriptionReference')
  const stayed = stayAt(device.host, textAt(reference, 'Address'), ['http', 'https'])
  if (!stayed) throw onvifFailure('bad-answer', new Error('It names no place for its events.'))
  const parameters = child(reference, 'ReferenceParameters')?.children ?? []
  return { url: stayed.url, headers: parameters.slice(0, 8).map(asHeader).join('') }
}

/** A reference parameter, written out anew: text and nothing else. */
function asHeader({ space, name, text }: XmlElement): string {
  return `<p:${name} xmlns:p="${escapeXml(space)}" xmlns:wsa="http://www.w3.org/2005/08/addressing" wsa:IsReferenceParameter="true">${escapeXml(text)}</p:${name}>`
}

const requestOf = ({ url, headers }: Subscription, action: string, body: string): SoapRequest => ({
  ...{ action, to: url, headers, body },
})

async function pullOn(
  device: OnvifDevice,
  subscription: Subscription,
  { clock, log, cameraName, onMotion }: EventWatchDeps,
  signal: AbortSignal,
): Promise<void> {
  const pull = requestOf(
    subscription,
    `${SPACES.events}/PullPointSubscription/PullMessagesRequest`,
    `<PullMessages xmlns="${SPACES.events}"><Timeout>PT${PULL_S}S</Timeout><MessageLimit>32</MessageLimit></PullMessages>`,
  )
  let renewedAt = clock.monotonic()
  let hintedAt = -Infinity
  log.info({ camera: cameraName }, 'Listening to what the camera sees moving')
  while (!signal.aborted) {
    const askedAt = clock.monotonic()
    const { body } = await device.call.ask(subscription.url, pull, { timeoutMs: PULL_TIMEOUT_MS })
    const now = clock.monotonic()
    if (tellsMotion(body) && now - hintedAt >= HINT_EVERY_MS) {
      hintedAt = now
      onMotion()
    }
    if (now - renewedAt >= RENEW_AFTER_MS) {
      await renew(device, subscription)
      renewedAt = now
    }
    const tookMs = clock.monotonic() - askedAt
    if (tookMs < LEAST_PULL_MS) await sleep(clock, LEAST_PULL_MS - tookMs, signal)
  }
}

async function renew(device: OnvifDevice, subscription: Subscription): Promise<void> {
  const body = `<Renew xmlns="${SPACES.notify}"><TerminationTime>PT${LEASE_S}S</TerminationTime></Renew>`
  await device.call.ask(subscription.url, requestOf(subscription, `${MANAGER}/RenewRequest`, body))
}

/** So that the device has room for others at once; some have two places in all. Nothing depends on its answer. */
async function sayGoodbye(device: OnvifDevice, subscription: Subscription, deps: EventWatchDeps): Promise<void> {
  const { clock, networks, credentials, log } = deps
  const action = `${MANAGER}/UnsubscribeRequest`
  // The watch's own calls have ended with it.
  const { signal } = new AbortController()
  try {
    const call = createDeviceCaller({ networks, clock, credentials, host: device.host, signal })
    call.setClockOffset(device.clockOffsetMs)
    const body = `<Unsubscribe xmlns="${SPACES.notify}"/>`
    await call.ask(subscription.url, requestOf(subscription, action, body), { timeoutMs: GOODBYE_MS })
    call.close()
  } catch (error) {
    log.debug({ camera: deps.cameraName, err: messageOf(error) }, 'The camera did not hear the goodbye')
  }
}
