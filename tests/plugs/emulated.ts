import type { TestContext } from 'node:test'
import { createDeviceLink, type DeviceLink, type DeviceLinkDeps } from '../../appliance/src/plugs/device-link.ts'
import { probe } from '../../appliance/src/plugs/discovery/probe.ts'
import { createHostQueues } from '../../appliance/src/plugs/transports/host-queues.ts'
import type { AccountCredentials, Scheme } from '../../appliance/src/plugs/transports/types.ts'
import { createHastyClock } from '../fakes/hasty-clock.ts'
import { ACCOUNT, startEmulator, type Emulator, type EmulatorOptions } from '../fakes/tplink-emulator/index.ts'

export const OURS: AccountCredentials = { id: 'a1', ...ACCOUNT }
export const STRANGER: AccountCredentials = { id: 'a2', user: 'other@example.com', password: 'another' }

export interface Linked {
  device: Emulator
  link: DeviceLink
  /** `klap→tpap`, as told. */
  changes: string[]
  stop(): Promise<void>
}

export interface LinkOptions extends Partial<DeviceLinkDeps> {
  /** Known from an earlier discovery. */
  scheme?: Partial<Scheme>
  haste?: number
  accounts?: readonly AccountCredentials[]
}

/** A link to an address, with a real network under it and a fast clock above. */
export function linkTo(
  host: string,
  port: number,
  options: LinkOptions = {},
): Pick<Linked, 'link' | 'changes' | 'stop'> {
  const { scheme, haste = 10, accounts = [OURS], ...rest } = options
  const clock = createHastyClock(haste)
  const stopping = new AbortController()
  const changes: string[] = []
  const memory = scheme && {
    scheme: { encryption: 'klap' as const, port, family: null, loginVersion: 2, ...scheme },
    signedInAs: null,
    owner: null,
  }
  const link = createDeviceLink({
    ...{ host, port, clock, queues: createHostQueues(), signal: stopping.signal, credentials: () => accounts },
    memory: memory ?? null,
    probe: (at) => probe(at, { clock, signal: stopping.signal }),
    onSchemeChanged: (from, to) => void changes.push(`${from.encryption}→${to.encryption}`),
    ...rest,
  })
  const stop = (): Promise<void> => {
    stopping.abort()
    link.close()
    return Promise.resolve()
  }
  return { link, changes, stop }
}

/** An emulated device on a free port, and a link that knows how it was announced; both end with the test. */
export async function startLinked(
  t: TestContext,
  device: Partial<EmulatorOptions> & Pick<EmulatorOptions, 'device' | 'address'>,
  options: LinkOptions = {},
): Promise<Linked> {
  const emulator = await startEmulator({ port: 0, discovery: false, ...device })
  const { encryption } = emulator
  const announced = encryption.startsWith('klap') ? 'klap' : encryption.startsWith('aes') ? 'aes' : 'tpap'
  const scheme: Partial<Scheme> = {
    encryption: announced,
    loginVersion: encryption === 'aes1' ? 1 : 2,
    ...options.scheme,
  }
  const linked = linkTo(emulator.host, emulator.port, { ...options, scheme })
  const stop = async (): Promise<void> => {
    await linked.stop()
    await emulator.stop()
  }
  t.after(stop)
  return { ...linked, device: emulator, stop }
}
