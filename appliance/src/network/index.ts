import type { JoinWifi, NetworkState } from '../api/network.ts'
import type { Audit } from '../audit/index.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { COUNTRIES, type Host } from '../host/index.ts'
import type { RequestContext } from '../http/route.ts'
import { networkRoutes } from './routes.ts'
import type { Network } from './types.ts'

export type { Network } from './types.ts'

export interface NetworkDeps {
  host: Host
  audit: Pick<Audit, 'note'>
  log: Log
  /** At which phones reach the box, likeliest first. */
  addresses(): readonly string[]
}

/** Trying a network and going back to the one before takes a minute each, and nothing is said meanwhile. */
const SILENCE_MS = 180_000

/** Where nothing is known. */
const none = { joining: null, wired: null, known: null, current: null, country: null, lastJoin: null }

/** How the box is in the home network. Changing it is the work of the host agent. */
export function createNetwork({ host, audit, log, addresses }: NetworkDeps): Network {
  let joining: string | null = null

  async function state(): Promise<NetworkState> {
    const facts = await host.about()
    if (facts === null || facts.kind === 'package') return { wifi: 'elsewhere', ...none, addresses: [...addresses()] }
    if (!facts.features.includes('wifi')) return { wifi: 'none', ...none, addresses: [...addresses()] }
    const { hasRadio, ...wifi } = await host.call('wifi.status', {})
    return { wifi: hasRadio ? 'here' : 'none', addresses: [...addresses()], joining, ...wifi }
  }

  async function needRadio(): Promise<NetworkState> {
    const now = await state()
    if (now.wifi === 'none') throw new LaresError('unsupported', 'This box has no Wi-Fi.')
    if (now.wifi === 'elsewhere')
      throw new LaresError('unsupported', 'On this machine its own settings join networks, not Lares.')
    return now
  }

  function record(what: string, { principal: who, address, userAgent }: RequestContext): void {
    audit.note({ type: 'network_changed', who, address, userAgent, resource: 'network:wifi', details: { what } })
  }

  /** Runs on after the answer: the phone that asked may lose the box over it. */
  async function carryOut(wanted: JoinWifi): Promise<void> {
    try {
      const { failure } = await host.call('wifi.join', wanted, { silenceMs: SILENCE_MS })
      log.info({ failure }, 'Joining a Wi-Fi ended')
    } catch (error) {
      log.warn({ err: messageOf(error) }, 'Joining a Wi-Fi failed')
    } finally {
      joining = null
    }
  }

  const network: Omit<Network, 'routes'> = {
    state,
    async scan() {
      await needRadio()
      return { ...(await host.call('wifi.scan', {}, { silenceMs: SILENCE_MS })), countries: [...COUNTRIES] }
    },
    async join(wanted, request) {
      const now = await needRadio()
      if (joining !== null) throw new LaresError('conflict', 'The box is joining a network already.')
      joining = wanted.ssid
      record('join', request)
      void carryOut(wanted)
      return { ...now, joining }
    },
    async forget(request) {
      const { wired } = await needRadio()
      if (!wired)
        throw new LaresError('conflict', 'Without this Wi-Fi the box would be in no network. Plug in a cable first.')
      await host.call('wifi.forget', {})
      record('forget', request)
      return state()
    },
  }
  return { ...network, routes: networkRoutes(network) }
}
