import type { CameraScan, FoundCamera } from '../../api/onvif.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { stayAt } from '../onvif/device-address.ts'
import { numberOf, type OwnNetworks } from '../onvif/own-networks.ts'
import { callForCameras } from './call-home.ts'
import { CAMERA_PORTS, recognise, type CameraPorts, type Recognised } from './recognise.ts'
import { plainLine, type ProbeMatch } from './ws-discovery.ts'

export interface ScanDeps {
  networks: OwnNetworks
  clock: Clock
  log: Log
  ports?: CameraPorts | undefined
  /** Name or address → IPv4 addresses. */
  resolve(host: string): Promise<string[]>
  /** The camera of the box at an address, if there is one. */
  cameraAt(address: string): string | null
}

const AT_ONCE = 48
/** However slowly a thousand devices drip: a person waits no longer, and sees what was found. */
const WHOLE_LIMIT_MS = 60_000
const MOST_FOUND = 256
const IDLE: CameraScan = {
  ...{ state: 'idle', startedAt: null, asked: 0, total: 0 },
  ...{ networks: [], tooLarge: [], found: [], problem: null },
}

/** Looks through the box's own networks for cameras: by calling for them, and address by address. One look at a time. */
export class CameraFinder {
  readonly #deps: ScanDeps
  #scan: CameraScan = IDLE
  #found = new Map<string, FoundCamera>()
  #stopping = new AbortController()
  #underWay: Promise<void> | null = null

  constructor(deps: ScanDeps) {
    this.#deps = deps
  }

  /** Begins to look; one that is under way serves everybody. Throws `invalid` for a typed host that is none of the home. */
  async begin(hosts: readonly string[]): Promise<CameraScan> {
    const typed = await this.#resolve(hosts)
    if (this.#underWay) return this.read()
    const subnets = this.#deps.networks.subnets()
    const addresses = [...new Set([...typed, ...subnets.flatMap((subnet) => subnet.hosts)])]
    this.#found = new Map()
    this.#stopping = new AbortController()
    this.#scan = {
      ...IDLE,
      ...{ state: 'running', startedAt: this.#deps.clock.now(), total: addresses.length },
      networks: subnets.filter(({ isTooLarge }) => !isTooLarge).map(({ name }) => name),
      tooLarge: subnets.filter(({ isTooLarge }) => isTooLarge).map(({ name }) => name),
    }
    this.#underWay = this.#look(addresses).finally(() => (this.#underWay = null))
    return this.read()
  }

  read(): CameraScan {
    const { cameraAt } = this.#deps
    const found = [...this.#found.values()].sort((a, b) => numberOf(a.address) - numberOf(b.address))
    return { ...this.#scan, found: found.map((camera) => ({ ...camera, cameraId: cameraAt(camera.address) })) }
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#underWay
  }

  async #resolve(hosts: readonly string[]): Promise<string[]> {
    const { networks, resolve } = this.#deps
    const found = await Promise.all(
      hosts.map(async (host) => {
        const addresses = await resolve(host).catch(() => [])
        const allowed = addresses.filter((address) => networks.mayReach(address))
        if (allowed.length > 0) return allowed
        const words = `${plainLine(host)} is not the address of another device in this home.`
        throw new LaresError('invalid', words, { details: { hosts: words } })
      }),
    )
    return found.flat()
  }

  async #look(addresses: readonly string[]): Promise<void> {
    const { clock, log, networks } = this.#deps
    const limit = new AbortController()
    const cancel = clock.after(WHOLE_LIMIT_MS, () => limit.abort())
    const signal = AbortSignal.any([this.#stopping.signal, limit.signal])
    const mayReach = (address: string): boolean => networks.mayReach(address)
    const onMatch = (address: string, match: ProbeMatch): void => this.#add(address, fromMatch(address, match))
    try {
      await Promise.all([
        callForCameras({ clock, log, signal, subnets: networks.subnets(), hosts: addresses, mayReach, onMatch }),
        this.#askEach(addresses, signal),
      ])
      this.#scan = { ...this.#scan, state: 'done' }
    } catch (error) {
      log.warn({ err: messageOf(error) }, 'Looking for cameras failed')
      this.#scan = { ...this.#scan, state: 'failed', problem: 'Looking for cameras failed. The log says why.' }
    } finally {
      cancel()
    }
  }

  async #askEach(addresses: readonly string[], signal: AbortSignal): Promise<void> {
    const { ports = CAMERA_PORTS, networks, clock } = this.#deps
    const waiting = addresses[Symbol.iterator]()
    const askOn = async (): Promise<void> => {
      for (let next = waiting.next(); !next.done && !signal.aborted; next = waiting.next()) {
        const seen = await recognise(next.value, { networks, clock, signal, ports })
        if (seen) this.#add(next.value, fromPorts(next.value, seen))
        this.#scan = { ...this.#scan, asked: this.#scan.asked + 1 }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, askOn))
  }

  #add(address: string, camera: FoundCamera | null): void {
    if (!camera) return
    const known = this.#found.get(address)
    if (!known && this.#found.size >= MOST_FOUND) return
    this.#found.set(address, known ? join(known, camera) : camera)
  }
}

function fromMatch(address: string, { addresses, name, maker, model }: ProbeMatch): FoundCamera | null {
  const services = addresses.map((each) => stayAt(address, each, ['http', 'https'])?.url ?? null)
  const onvif = services.find((each) => each?.startsWith('http:')) ?? services[0] ?? null
  if (onvif === null) return null
  const told = splitName(name, maker, model)
  return { address, how: 'onvif', onvif, rtspPort: null, httpPort: null, name, ...told, cameraId: null }
}

function fromPorts(address: string, { onvif, rtspPort, httpPort, name }: Recognised): FoundCamera {
  const how = onvif !== null ? 'onvif' : rtspPort !== null ? 'rtsp' : 'http'
  return { address, how, onvif, rtspPort, httpPort, name, maker: '', model: '', cameraId: null }
}

/** `AXIS M1065-LW` as name and `M1065-LW` as hardware: the maker is what is left. */
function splitName(name: string, maker: string, model: string): { maker: string; model: string } {
  if (maker !== '' || model === '' || !name.toLowerCase().endsWith(model.toLowerCase())) return { maker, model }
  return { maker: name.slice(0, name.length - model.length).trim(), model }
}

/** What one way of looking does not know, another does; the device's own words come first. */
function join(a: FoundCamera, b: FoundCamera): FoundCamera {
  const onvif = a.onvif ?? b.onvif
  return {
    ...{
      address: a.address,
      cameraId: null,
      onvif,
      rtspPort: a.rtspPort ?? b.rtspPort,
      httpPort: a.httpPort ?? b.httpPort,
    },
    how: onvif !== null ? 'onvif' : a.how === 'rtsp' || b.how === 'rtsp' ? 'rtsp' : 'http',
    ...{ name: a.name || b.name, maker: a.maker || b.maker, model: a.model || b.model },
  }
}
