import type { OnvifStream } from '../../api/onvif.ts'
import { stayAt, type DeviceAddress } from './device-address.ts'
import { createDeviceCaller, type DeviceCallDeps, type DeviceCaller } from './device-call.ts'
import { readDeviceTime } from './device-time.ts'
import { onvifFailure, reasonOf, type OnvifReason } from './failure.ts'
import { orNone, readSnapshotUrl, readStreams, WEB_SCHEMES, type Ask } from './media-service.ts'
import { SPACES } from './soap.ts'
import type { Services } from './types.ts'
import { child, childrenOf, textAt } from './xml.ts'

export interface DeviceInfo {
  maker: string
  model: string
  firmware: string
  serial: string
}

export interface OnvifDevice {
  /** Of its device service. */
  readonly address: string
  readonly host: string
  readonly clockOffsetMs: number
  readonly call: DeviceCaller
  info(): Promise<DeviceInfo>
  services(): Promise<Services>
  /** Those with video, with the addresses of their streams. Throws no-streams. */
  streams(services: Services): Promise<OnvifStream[]>
  /** Null when it has none, or a bad one. */
  snapshotUrl(services: Services, profile: string): Promise<string | null>
}

const HELLO_TIMEOUT_MS = 3_000
/** Beyond this, cameras refuse passwords however right they are. */
const CLOCK_FAR_OFF_MS = 24 * 3_600_000

/** Finds the device service and the device's time. Throws with a reason; the caller must close `call`. */
export async function openDevice(address: DeviceAddress, deps: Omit<DeviceCallDeps, 'host'>): Promise<OnvifDevice> {
  const call = createDeviceCaller({ ...deps, host: address.host })
  try {
    const { url, timeMs } = await findService(address.candidates, call)
    const clockOffsetMs = timeMs === null ? 0 : timeMs - deps.clock.now()
    call.setClockOffset(clockOffsetMs)
    return createDevice({ address: url, host: address.host, clockOffsetMs, call })
  } catch (error) {
    call.close()
    throw error
  }
}

/** Every ONVIF device tells its time without a password: who does, is one. */
async function findService(
  candidates: readonly string[],
  call: DeviceCaller,
): Promise<{ url: string; timeMs: number | null }> {
  const body = `<GetSystemDateAndTime xmlns="${SPACES.device}"/>`
  const problems: OnvifReason[] = []
  const asked = candidates.map(async (url) => {
    try {
      const reply = await call.ask(url, { body }, { isOpen: true, timeoutMs: HELLO_TIMEOUT_MS })
      return { url, timeMs: readDeviceTime(reply.body) }
    } catch (error) {
      const reason = reasonOf(error)
      // Some ask for a password even for the time: that is an answer too.
      if (reason === 'wrong-password') return { url, timeMs: null }
      problems.push(reason)
      return null
    }
  })
  const found = (await Promise.all(asked)).find((each) => each !== null)
  if (found) return found
  throw onvifFailure(worthTelling(problems))
}

/** Of several ports the one that says most: that something answers beats that nothing does. */
function worthTelling(problems: readonly OnvifReason[]): OnvifReason {
  const order = ['locked-out', 'bad-answer', 'not-onvif', 'refused', 'too-slow', 'wrong-address'] as const
  return order.find((reason) => problems.includes(reason)) ?? 'unreachable'
}

type DeviceParts = Pick<OnvifDevice, 'address' | 'host' | 'clockOffsetMs' | 'call'>

function createDevice(parts: DeviceParts): OnvifDevice {
  const { address, host, call, clockOffsetMs } = parts
  const ask: Ask = async (url, body) => (await call.ask(url, { body })).body
  return {
    ...parts,
    async info() {
      try {
        return await readInfo(address, ask)
      } catch (error) {
        if (reasonOf(error) === 'wrong-password' && Math.abs(clockOffsetMs) > CLOCK_FAR_OFF_MS)
          throw onvifFailure('clock-wrong', error)
        throw error
      }
    },
    services: () => readServices(address, host, ask),
    streams: (services) => readStreams(services, host, ask),
    snapshotUrl: (services, profile) => readSnapshotUrl(services, profile, host, ask),
  }
}

async function readInfo(address: string, ask: Ask): Promise<DeviceInfo> {
  const body = await ask(address, `<GetDeviceInformation xmlns="${SPACES.device}"/>`)
  const reply = child(body, 'GetDeviceInformationResponse')
  const word = (name: string): string => textAt(reply, name).slice(0, 64)
  return {
    maker: word('Manufacturer'),
    model: word('Model'),
    firmware: word('FirmwareVersion'),
    serial: word('SerialNumber'),
  }
}

async function readServices(address: string, host: string, ask: Ask): Promise<Services> {
  const here = (answered: string): string | null => stayAt(host, answered, WEB_SCHEMES)?.url ?? null
  const capabilities = await ask(address, GET_CAPABILITIES).catch(orNone)
  const listed = await ask(address, GET_SERVICES).catch(orNone)
  const old = child(capabilities, 'GetCapabilitiesResponse', 'Capabilities')
  const byNamespace = new Map(
    childrenOf(child(listed, 'GetServicesResponse'), 'Service').map((service) => [
      textAt(service, 'Namespace'),
      here(textAt(service, 'XAddr')),
    ]),
  )
  return {
    media: byNamespace.get(SPACES.media) ?? here(textAt(old, 'Media', 'XAddr')),
    media2: byNamespace.get(SPACES.media2) ?? null,
    events: byNamespace.get(SPACES.events) ?? here(textAt(old, 'Events', 'XAddr')),
  }
}

const GET_CAPABILITIES = `<GetCapabilities xmlns="${SPACES.device}"><Category>All</Category></GetCapabilities>`
const GET_SERVICES = `<GetServices xmlns="${SPACES.device}"><IncludeCapability>false</IncludeCapability></GetServices>`
