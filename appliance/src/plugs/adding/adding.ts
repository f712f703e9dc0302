import type { DiscoverPlugsReply, Plug, PlugScan, WaitingPlug } from '../../api/plugs.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { RequestContext } from '../../http/route.ts'
import { parsePlugAddress } from '../address.ts'
import type { DeviceLink } from '../device-link.ts'
import type { FoundDevice, RangeProgress } from '../discovery/types.ts'
import { explain } from '../problems.ts'
import type { KnownDevice, Registry } from '../registry.ts'
import { inParallel } from './in-parallel.ts'

/** What adding needs of the network. */
export interface Reach {
  /** Calls every network; resolves with who answered. */
  call(): Promise<FoundDevice[]>
  /** Asks every address of a range. Throws `invalid` at once for what is no range of the home. */
  scan(range: string, onProgress: (progress: RangeProgress) => void): Promise<FoundDevice[]>
  /** A link that is closed again after the first reading; it finds out how the device speaks where `found` is null. */
  tryLink(at: { host: string; port: number; found: FoundDevice | null }): DeviceLink
}

export interface AddingDeps {
  registry: Registry
  reach: Reach
  /** Something with the account could help: so much is told of it. */
  onWaiting(waiting: readonly WaitingPlug[]): void
}

/** Each is a sign-in that takes a plug up to a second of reckoning. */
const SIGN_INS_AT_ONCE = 16
const ACCOUNT_CODES: ReadonlySet<string> = new Set(['NEEDS_ACCOUNT', 'OTHER_ACCOUNT', 'LOGIN_REFUSED'])
export const wantsAccount = (code: string): boolean => ACCOUNT_CODES.has(code)

const IDLE: PlugScan = { state: 'idle', range: null, asked: 0, total: 0, result: null, problem: null }

/** From "somebody answers" to a plug in the list: signs in where it must, adds what is new, follows what has moved. */
export class Adding {
  readonly #deps: AddingDeps
  #scan: PlugScan = IDLE

  constructor(deps: AddingDeps) {
    this.#deps = deps
  }

  async discover(by: RequestContext): Promise<DiscoverPlugsReply> {
    return this.#take(await this.#deps.reach.call(), by)
  }

  /** Known ones alone are followed; unknown ones wait for a person to add them. */
  async follow(found: readonly FoundDevice[]): Promise<void> {
    const { registry } = this.#deps
    for (const device of found) {
      const watch = registry.watch(device.mac)
      if (!watch) continue
      if (watch.device.host !== device.host) await registry.move(device.mac, device.host, device.port)
      watch.hint(device)
    }
  }

  /** Throws in plain words when nothing, or no plug, is there. */
  async byAddress(text: string, by: RequestContext): Promise<Plug[]> {
    const { registry } = this.#deps
    const { host, port } = parsePlugAddress(text)
    const known = await this.#signIn(host, port, null)
    const { mac } = known.info
    const device = registry.watch(mac)?.device
    if (device && (device.host !== host || device.port !== known.port)) await registry.move(mac, host, known.port)
    await registry.admit([known], by)
    await registry.watch(mac)?.poll()
    const views = registry.watch(mac)?.outlets.map(({ id }) => registry.view(id))
    if (!views) throw new LaresError('conflict', 'The plug was removed while it was added.')
    return views
  }

  /** One at a time. Throws `invalid` for what is no range of the home, `conflict` while one is under way. */
  startScan(range: string, by: RequestContext): PlugScan {
    if (this.#scan.state === 'running')
      throw new LaresError('conflict', 'A range is being asked already. Wait until that is done.')
    let scan: PlugScan = { ...IDLE, state: 'running', range }
    const show = (change: Partial<PlugScan>): void => void (this.#scan = scan = { ...scan, ...change })
    const underWay = this.#deps.reach.scan(range, ({ asked, total }) => show({ asked, total }))
    show({})
    underWay
      .then((found) => this.#take(found, by))
      .then(
        (result) => show({ state: 'done', result }),
        (error: unknown) => show({ state: 'failed', problem: messageOf(error) }),
      )
    return this.#scan
  }

  scan(): PlugScan {
    return this.#scan
  }

  async #take(found: readonly FoundDevice[], by: RequestContext): Promise<DiscoverPlugsReply> {
    const { registry, onWaiting } = this.#deps
    await this.follow(found)
    const waiting: WaitingPlug[] = []
    const known: KnownDevice[] = []
    await inParallel(found, SIGN_INS_AT_ONCE, async (device) => {
      if (device.info) return void known.push({ info: device.info, ...placeOf(device), memory: null })
      if (registry.watch(device.mac)) return
      try {
        known.push(await this.#signIn(device.host, device.port, device))
      } catch (error) {
        waiting.push(waitingOf(device, error))
      }
    })
    const added = await registry.admit(known, by)
    onWaiting(waiting)
    const outlets = found.reduce((sum, { mac }) => sum + (registry.watch(mac)?.outlets.length ?? 0), 0)
    return { found: outlets + waiting.length, added, plugs: registry.views(), waiting }
  }

  async #signIn(host: string, port: number, found: FoundDevice | null): Promise<KnownDevice> {
    const link = this.#deps.reach.tryLink({ host, port, found })
    try {
      const { info } = await link.read('person')
      const memory = link.memory()
      return { info, host, port: memory?.scheme.port ?? port, memory }
    } finally {
      link.close()
    }
  }
}

const placeOf = ({ host, port }: FoundDevice): { host: string; port: number } => ({ host, port })

function waitingOf({ mac, model, host }: FoundDevice, error: unknown): WaitingPlug {
  const { words, code } = explain(error, host)
  return { mac, model, host, problem: words, problemCode: code, wantsAccount: wantsAccount(code) }
}
