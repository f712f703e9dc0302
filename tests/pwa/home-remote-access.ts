// Remote access of the fake home. Phones get what the product itself would write.
import { randomUUID } from 'node:crypto'
import { idParams } from '../../appliance/src/api/common.ts'
import * as api from '../../appliance/src/api/remote-access.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { newKeys, newPresharedKey } from '../../appliance/src/remote-access/keys.ts'
import { phoneConfigText } from '../../appliance/src/remote-access/wireguard-config.ts'
import { find, open } from './home-state.ts'
import type { HomeDeps, HomeState } from './home-state.ts'

const known = new WeakMap<HomeState, api.RemoteAccess>()

export function remoteAccessOf(state: HomeState): api.RemoteAccess {
  let found = known.get(state)
  if (!found) known.set(state, (found = switchedOff()))
  return found
}

const switchedOff = (): api.RemoteAccess => ({
  ...{ on: false, way: 'here', state: 'off', problem: null, host: null, hostIsPrivate: false, port: 51_820 },
  ...{ homeNetworks: ['192.168.1.0/24'], homeNetworkGiven: null, address: '10.99.3.1', peers: [] },
  openAt: ['https://10.99.3.1', 'https://192.168.1.20'],
})

export const makePeer = (name: string, change: Partial<api.RemotePeer> = {}): api.RemotePeer => ({
  ...{ id: randomUUID(), name, address: '10.99.3.2', reach: 'box', createdBy: 'ada', createdAt: Date.now() },
  ...{ lastSeenAt: null, receivedBytes: null, sentBytes: null, ...change },
})

export function remoteAccessRoutes({ state }: HomeDeps): Route[] {
  const home = remoteAccessOf(state)
  const edit = { ...open, needs: 'system.edit' as const, sudo: true, reply: api.remoteAccessReply }
  return [
    route({
      ...{ ...open, needs: 'system.view', method: 'GET', path: '/api/remote-access', reply: api.remoteAccessReply },
      run: async () => home,
    }),
    route({
      ...{ ...edit, method: 'PUT', path: '/api/remote-access', body: api.remoteAccessBody },
      async run({ body: { on, host, port, homeNetwork } }) {
        const running = home.way === 'here' ? ('running' as const) : ('unknown' as const)
        Object.assign(home, { on, host: host ?? home.host, port, homeNetworkGiven: homeNetwork })
        return Object.assign(home, { state: on ? running : ('off' as const) })
      },
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/remote-access/peers' },
      ...{ body: api.addPeerBody, reply: api.addPeerReply },
      async run({ body: { name, reach } }) {
        const peer = makePeer(name, { reach, address: `10.99.3.${home.peers.length + 2}` })
        home.peers.push(peer)
        const config = phoneConfigText({
          ...{ privateKey: newKeys().privateKey, presharedKey: newPresharedKey(), address: peer.address },
          ...{ serverPublicKey: newKeys().publicKey, host: home.host ?? '', port: home.port },
          through: ['10.99.3.1/32', '192.168.1.20/32'],
        })
        return { peer, config }
      },
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/remote-access/peers/:id', params: idParams },
      async run({ params }) {
        home.peers.splice(home.peers.indexOf(find(home.peers, params.id)), 1)
        return home
      },
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/remote-access/server-config', reply: api.serverConfigReply },
      run: async () => ({ config: '[Interface]\nListenPort = 51820\n' }),
    }),
  ]
}
