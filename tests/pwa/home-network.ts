// The network of the fake home: a box with a cable and a radio, which hears the neighbours.
import * as api from '../../appliance/src/api/network.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { open } from './home-state.ts'
import type { HomeDeps, HomeState } from './home-state.ts'

const states = new WeakMap<HomeState, api.NetworkState>()

/** What the box says of its network; tests change it. */
export function networkOf(state: HomeState): api.NetworkState {
  const made: api.NetworkState = {
    ...{ wifi: 'here', addresses: ['192.168.178.20', 'fd00::20'], wired: true, known: 'Sparrow lane' },
    ...{ current: { ssid: 'Sparrow lane', strength: 71 }, joining: null, lastJoin: null, country: null },
  }
  const known = states.get(state) ?? made
  states.set(state, known)
  return known
}

const HEARD: api.HeardNetwork[] = [
  { ssid: 'Sparrow lane', strength: 71, security: 'password' },
  { ssid: 'The neighbours upstairs', strength: 48, security: 'password' },
  { ssid: 'Cafe', strength: 30, security: 'open' },
  { ssid: 'Office', strength: 22, security: 'unsupported' },
]

export function networkRoutes({ state }: HomeDeps): Route[] {
  const change = (part: Partial<api.NetworkState>): api.NetworkState => Object.assign(networkOf(state), part)
  return [
    route({
      ...{ method: 'GET', path: '/api/network', needs: 'system.view', reply: api.networkState, ...open },
      run: async () => networkOf(state),
    }),
    route({
      ...{ method: 'POST', path: '/api/network/wifi/scan', needs: 'system.edit', reply: api.scanReply, ...open },
      run: async () => ({ networks: HEARD, countries: ['AT', 'DE', 'US'] }),
    }),
    route({
      ...{ method: 'POST', path: '/api/network/wifi/join', needs: 'system.edit', reply: api.networkState, ...open },
      body: api.joinWifiBody,
      run: async ({ body }) => change({ joining: body.ssid, country: body.country }),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/network/wifi', needs: 'system.edit', reply: api.networkState, ...open },
      run: async () => change({ known: null, current: null }),
    }),
  ]
}
