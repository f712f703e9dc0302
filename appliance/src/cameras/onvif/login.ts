import type { OnvifLogin, OnvifReply } from '../../api/onvif.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { cleanPicture } from '../../media/index.ts'
import { parseDeviceAddress } from './device-address.ts'
import { openDevice, type OnvifDevice } from './device.ts'
import { reasonOf, wordsOf } from './failure.ts'
import type { OwnNetworks } from './own-networks.ts'
import { chooseStreams } from './profiles.ts'
import type { Services } from './types.ts'

export interface LoginDeps {
  networks: OwnNetworks
  clock: Clock
  log: Log
}

/** However many questions a slow camera draws out, a person waits no longer than this. */
const WHOLE_TIMEOUT_MS = 30_000
const PREVIEW_WIDTH = 640

/** Signs in at a device and asks for its streams. Never rejects for what is wrong with the device: that is the answer. */
export async function logIn(login: OnvifLogin, deps: LoginDeps, caller: AbortSignal): Promise<OnvifReply> {
  const { clock, log } = deps
  const limit = new AbortController()
  const cancel = clock.after(WHOLE_TIMEOUT_MS, () => limit.abort())
  const signal = AbortSignal.any([caller, limit.signal])
  try {
    return await ask(login, deps, signal)
  } catch (error) {
    if (caller.aborted) throw new LaresError('unavailable', 'The question was stopped.', { cause: error })
    const reason = limit.signal.aborted ? 'too-slow' : reasonOf(error)
    const cause = error instanceof Error && error.cause ? messageOf(error.cause) : messageOf(error)
    log.info({ reason, err: cause }, 'A camera could not be asked by ONVIF')
    return { ok: false, problem: { reason, message: wordsOf(reason) } }
  } finally {
    cancel()
  }
}

async function ask(login: OnvifLogin, deps: LoginDeps, signal: AbortSignal): Promise<OnvifReply> {
  const { address, username, password } = login
  const credentials = username === '' && password === '' ? null : { username, password }
  const device = await openDevice(parseDeviceAddress(address), { ...deps, signal, credentials })
  try {
    const info = await signInWithEitherTime(device)
    const services = await device.services()
    const streams = await device.streams(services)
    const { main, sub } = chooseStreams(streams)
    return {
      ok: true,
      ...{ address: device.address, device: info, streams, main, sub, tellsMotion: services.events !== null },
      clockOffsetMs: Math.round(device.clockOffsetMs),
      preview: await previewOf(device, services, main).catch(() => null),
    }
  } finally {
    device.call.close()
  }
}

const OFFSET_WORTH_A_SECOND_TRY_MS = 60_000

/** Some tell their local time for UTC and check against the true one: a second try with the box's own time. */
async function signInWithEitherTime(device: OnvifDevice): ReturnType<OnvifDevice['info']> {
  try {
    return await device.info()
  } catch (error) {
    const isRefused = reasonOf(error) === 'wrong-password' || reasonOf(error) === 'clock-wrong'
    if (!isRefused || Math.abs(device.clockOffsetMs) < OFFSET_WORTH_A_SECOND_TRY_MS) throw error
    device.call.setClockOffset(0)
    return device.info()
  }
}

/** Drawn anew: what a device sends is not handed on as it came. */
async function previewOf(device: OnvifDevice, services: Services, profile: string): Promise<string | null> {
  const url = await device.snapshotUrl(services, profile)
  const picture = url === null ? null : await device.call.fetchPicture(url)
  if (!picture) return null
  const { jpeg } = await cleanPicture(picture, PREVIEW_WIDTH)
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`
}
