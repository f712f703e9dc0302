import type { PlugDiagnosis } from '../api/plugs.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Reach } from './adding/adding.ts'
import { createDeviceLink, type DeviceLink, type LinkMemory } from './device-link.ts'
import type { StoredDevice } from './device-store.ts'
import type { DeviceWatch } from './device-watch.ts'
import { diagnose } from './diagnosis.ts'
import { Finder } from './discovery/finder.ts'
import { broadcastTargets, type BroadcastTarget } from './discovery/interfaces.ts'
import { probe } from './discovery/probe.ts'
import { isOnOurNetwork, readSurroundings } from './discovery/surroundings.ts'
import { keyedProbe } from './discovery/tdp-codec.ts'
import { parseRange, searchRange } from './discovery/range.ts'
import type { FoundDevice } from './discovery/types.ts'
import type { PlugNotices } from './plug-notices.ts'
import type { StoredPlug } from './plug-store.ts'
import { createHostQueues } from './transports/host-queues.ts'
import type { AccountCredentials } from './transports/types.ts'

export interface NetworkDeps {
  clock: Clock
  log: Log
  notices: PlugNotices
  targets: (() => BroadcastTarget[]) | undefined
  credentials(): readonly AccountCredentials[]
  /** Everything that answered when the home was called because a plug was lost. */
  onFoundWhileLost(found: readonly FoundDevice[]): Promise<void>
  onMemory(mac: string, memory: LinkMemory): Promise<void>
  plugOf(mac: string): StoredPlug | null
}

/** Everything that plugs do on the network: one question at a time per address, whoever asks. */
export interface Network extends Reach {
  start(): void
  stop(): Promise<void>
  /** A link to where the device is now, with what is known of how it speaks. */
  openLink(device: StoredDevice, signal: AbortSignal): DeviceLink
  /** A plug was lost: perhaps it has a new address. */
  lost(): void
  /** Signs in at a device with that account alone. Rejects in plain words when it does not fit. */
  tryWith(device: StoredDevice, account: AccountCredentials): Promise<void>
  diagnose(watch: DeviceWatch): Promise<PlugDiagnosis>
}

/** The call to newer plugs has a key in it, which takes a second to make: not in anybody's way, before anybody calls. */
const MAKE_KEY_AFTER_MS = 10_000

/** Links to devices: lasting ones for those that are known, passing ones that begin from nothing and leave nothing. */
function createLinks(deps: NetworkDeps) {
  const { clock, log, notices, credentials } = deps
  const queues = createHostQueues()
  const probeFrom = (signal: AbortSignal) => (host: string) => probe(host, { clock, signal })
  return {
    passing(host: string, port: number, signal: AbortSignal, accounts = credentials): DeviceLink {
      return createDeviceLink({ host, port, queues, clock, signal, credentials: accounts, probe: probeFrom(signal) })
    },
    lasting(device: StoredDevice, signal: AbortSignal): DeviceLink {
      const { mac, host, port, link } = device
      return createDeviceLink({
        ...{ host, port, queues, clock, signal, credentials, memory: link, probe: probeFrom(signal) },
        onMemory: (memory) => {
          deps.onMemory(mac, memory).catch((error: unknown) => {
            log.warn({ mac, err: messageOf(error) }, 'Could not keep how a plug speaks')
          })
        },
        onSchemeChanged: (from, to) => {
          log.info({ mac, from: from.encryption, to: to.encryption }, 'A plug speaks another way now')
          const plug = deps.plugOf(mac)
          if (plug) notices.schemeChanged({ id: plug.id, name: plug.name, mac }, from.encryption, to.encryption)
        },
      })
    },
  }
}

const makeKey = async (): Promise<void> => void (await keyedProbe().catch(() => undefined))

export function createNetwork(deps: NetworkDeps): Network {
  const { clock, log } = deps
  const links = createLinks(deps)
  let stopping = new AbortController()
  let cancelKey: () => void = () => undefined
  const finder = new Finder({
    ...{ clock, log },
    targets: deps.targets ?? (() => broadcastTargets()),
    onFoundWhileLost: deps.onFoundWhileLost,
  })
  return {
    start() {
      stopping = new AbortController()
      cancelKey = clock.after(MAKE_KEY_AFTER_MS, () => void makeKey())
      finder.start()
    },
    async stop() {
      cancelKey()
      stopping.abort()
      await finder.stop()
    },
    openLink: links.lasting,
    lost: () => finder.lost(),
    call: () => finder.call(),
    scan(range, onProgress) {
      const addresses = rangeOf(range)
      onProgress({ asked: 0, total: addresses.length, found: 0 })
      const { signal } = stopping
      // Each address is asked once: not before the call is whole.
      return makeKey().then(() => searchRange(addresses, { clock, signal, onProgress }))
    },
    tryLink({ host, port, found }) {
      const link = links.passing(host, port, stopping.signal)
      if (found) link.hint(found)
      return link
    },
    async tryWith({ host, port }, account) {
      const link = links.passing(host, port, stopping.signal, () => [account])
      try {
        await link.read('person')
      } finally {
        link.close()
      }
    },
    diagnose: (watch) => diagnoseWatch(watch),
  }
}

/** The words of `parseRange`, at the field that is called range here. */
function rangeOf(text: string): string[] {
  try {
    return parseRange(text)
  } catch (error) {
    const words = messageOf(error)
    throw new LaresError('invalid', words, { details: { range: words }, cause: error })
  }
}

/** Asks it once more, so that what is told is what is true now; that it fails is part of the answer. */
async function diagnoseWatch(watch: DeviceWatch): Promise<PlugDiagnosis> {
  await watch.readNow().catch(() => undefined)
  const link = watch.link()
  const around = {
    isInContainer: readSurroundings().isInContainer,
    isOnOurNetwork: isOnOurNetwork(watch.device.host),
    lostSessions: link.lostSessions(),
  }
  const findings = diagnose(link.observations(), around)
  const { reachable, problem } = watch
  return { ok: reachable && findings.length === 0, problem: reachable ? null : problem, findings }
}
