import { isIP } from 'node:net'
import type { RemoteAccess as View, RemotePeer } from '../api/remote-access.ts'
import type { Audit, AuditEvent } from '../audit/types.ts'
import { isHomeAddress } from '../core/addresses.ts'
import { giveWay } from '../core/give-way.ts'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import { LaresError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import { supervise } from '../core/supervise.ts'
import type { Database } from '../db/database.ts'
import type { Host, WireguardSetup, WireguardStatus } from '../host/index.ts'
import type { Settings } from '../settings/types.ts'
import { newKeys, publicKeyOf } from './keys.ts'
import {
  freeTunnelAddress,
  homeNetworksOf,
  overlap,
  takenNetworks,
  tunnelNetwork,
  type Interfaces,
} from './networks.ts'
import { createPeers, type Peers } from './peers.ts'
import { remoteAccessRoutes } from './routes.ts'
import * as setting from './settings.ts'
import type { StoredPeer } from './store.ts'
import { createTunnel, type Tunnel } from './tunnel.ts'
import type { Changer, RemoteAccess, RemoteAccessActs } from './types.ts'
import { phoneConfigText, serverConfigText } from './wireguard-config.ts'

export type { RemoteAccess } from './types.ts'
export { remoteSettings } from './settings.ts'

export interface RemoteAccessDeps {
  database: Database
  secretBox: SecretBox
  settings: Settings
  audit: Pick<Audit, 'record' | 'note'>
  clock: Clock
  log: Log
  notices: NoticeBoard
  host: Host
  interfaces(): Interfaces
  /** Addresses at which the app answers at home, likeliest first. */
  homeAddresses(): readonly string[]
  ports(): { httpsPort: number; httpPort: number }
  /** The certificate has to be good for the address in the tunnel. */
  onAddresses(): Promise<void>
}

const WATCH_MS = 60_000
/** Of what the protocol of the host agent takes. */
const MOST_NETWORKS = 8

/** What everything below stands on. */
interface Ground extends RemoteAccessDeps {
  peers: Peers
  tunnel: Tunnel
}

/** The tunnel as it should be; null: off. */
function wantedTunnel({ settings, peers, ports, interfaces }: Ground): WireguardSetup | null {
  const [address, privateKey] = [settings.get(setting.remoteAddress), settings.get(setting.remotePrivateKey)]
  if (!settings.get(setting.remoteOn) || address === null || privateKey === null) return null
  const { httpsPort, httpPort } = ports()
  return {
    ...{ privateKey, address, listenPort: settings.get(setting.remotePort) },
    appPorts: [...new Set([httpsPort, httpPort])],
    homeNetworks: networksAtHome({ settings, interfaces }).slice(0, MOST_NETWORKS),
    peers: peers.forTunnel().map(({ name: _, ...peer }) => peer),
  }
}

function networksAtHome({ settings, interfaces }: Pick<Ground, 'settings' | 'interfaces'>): string[] {
  const given = settings.get(setting.remoteHomeNetwork)
  return given === null ? homeNetworksOf(interfaces()) : [given]
}

const eventOf = (type: AuditEvent['type'], by: Changer, rest: Partial<AuditEvent> = {}): AuditEvent => ({
  ...{ type, severity: 'WARNING', who: by.principal, address: by.address, userAgent: by.userAgent, ...rest },
})

/** Before the first switching on there is neither key nor address. */
async function makeOwnEnd({ database, settings, interfaces }: Ground): Promise<void> {
  if (settings.get(setting.remotePrivateKey) !== null && settings.get(setting.remoteAddress) !== null) return
  await database.transaction(async (trx) => {
    await settings.set(setting.remotePrivateKey, newKeys().privateKey, trx)
    await settings.set(setting.remoteAddress, freeTunnelAddress(takenNetworks(interfaces())), trx)
  })
}

function createChange(ground: Ground, overview: RemoteAccessActs['overview']): RemoteAccessActs['change'] {
  const { database, settings, audit, tunnel, onAddresses } = ground
  return async ({ on, host, port, homeNetwork }, by) => {
    const next = host ?? settings.get(setting.remoteHost)
    if (on && next === null)
      throw new LaresError('invalid', 'Enter the name or address under which your home is found from outside.', {
        code: 'REMOTE_HOST_MISSING',
      })
    if (on) await makeOwnEnd(ground)
    await database.transaction(async (trx) => {
      await settings.set(setting.remoteOn, on, trx)
      await settings.set(setting.remoteHost, next, trx)
      await settings.set(setting.remotePort, port, trx)
      await settings.set(setting.remoteHomeNetwork, homeNetwork, trx)
      await audit.record(trx, eventOf('remote_access_changed', by, { details: { on, port } }))
    })
    await tunnel.apply(wantedTunnel(ground))
    await onAddresses()
    return overview()
  }
}

const isIn = (networks: readonly string[], address: string): boolean =>
  networks.some((network) => overlap(network, `${address}/32`))

/** What goes through the tunnel: the app under each of its addresses, and with `home` the networks of the home. */
async function throughOf(ground: Ground, peer: StoredPeer): Promise<string[]> {
  const own = (await ground.tunnel.isHere()) ? [`${requireOn(ground).address}/32`] : []
  const networks = networksAtHome(ground)
  const atHome = ground.homeAddresses().filter((address) => isIP(address) === 4 && isIn(networks, address))
  const through = peer.reach === 'home' ? networks : atHome.map((address) => `${address}/32`)
  // In a container the box does not know its own address at home: then the whole network is the way to it.
  return [...new Set([...own, ...(through.length > 0 ? through : networks)])]
}

function requireOn(ground: Ground): WireguardSetup & { host: string } {
  const wanted = wantedTunnel(ground)
  const host = ground.settings.get(setting.remoteHost)
  if (wanted && host !== null) return { ...wanted, host }
  throw new LaresError('conflict', 'Switch remote access on first.', { code: 'REMOTE_OFF' })
}

function createPeerActs(ground: Ground, overview: RemoteAccessActs['overview']) {
  const { peers, tunnel, audit } = ground
  const resourceOf = ({ id }: StoredPeer): string => `remote-peer:${id}`
  const add: RemoteAccessActs['add'] = async ({ name, reach }, by) => {
    const { address: own, host, listenPort: port, privateKey: serverKey } = requireOn(ground)
    const createdBy = by.principal?.username ?? null
    const added = await peers.add({ name, reach, own, createdBy }, (trx, peer) =>
      audit.record(trx, eventOf('remote_peer_added', by, { resource: resourceOf(peer), details: { reach } })),
    )
    await tunnel.apply(wantedTunnel(ground))
    const config = phoneConfigText({
      ...{ privateKey: added.privateKey, presharedKey: added.presharedKey, address: added.peer.address, host, port },
      ...{ serverPublicKey: publicKeyOf(serverKey), through: await throughOf(ground, added.peer) },
    })
    return { peer: viewOf(added.peer, null), config }
  }
  const remove: RemoteAccessActs['remove'] = async (id, by) => {
    await peers.remove(id, (trx, peer) =>
      audit.record(trx, eventOf('remote_peer_removed', by, { resource: resourceOf(peer) })),
    )
    await tunnel.apply(wantedTunnel(ground))
    return overview()
  }
  return { add, remove }
}

function createServerConfig(ground: Ground): RemoteAccessActs['serverConfig'] {
  return async (by) => {
    const { privateKey, address, listenPort: port } = requireOn(ground)
    ground.audit.note(eventOf('remote_config_downloaded', by))
    return serverConfigText({ privateKey, address, port, peers: ground.peers.forTunnel() })
  }
}

function viewOf(peer: StoredPeer, status: WireguardStatus | null): RemotePeer {
  const { id, name, address, reach, createdBy, createdAt } = peer
  const live = status?.peers.find(({ publicKey }) => publicKey === peer.publicKey)
  const lastSeenAt = live?.lastHandshakeS ? live.lastHandshakeS * 1_000 : peer.lastSeenAt
  const bytes = { receivedBytes: live?.receivedBytes ?? null, sentBytes: live?.sentBytes ?? null }
  return { ...{ id, name, address, reach, createdBy, createdAt, lastSeenAt }, ...bytes }
}

/** The network at home was changed, and now lies over that of the tunnel. */
function clashWords({ settings, interfaces }: Ground): string | null {
  const address = settings.get(setting.remoteAddress)
  if (address === null) return null
  const clash = takenNetworks(interfaces()).find((taken) => overlap(taken, `${address}/24`))
  if (clash === undefined) return null
  return `Your home network (${clash}) now uses the addresses of the tunnel (${tunnelNetwork(address)}). Give your router another range.`
}

function createOverview(ground: Ground): RemoteAccessActs['overview'] {
  const { settings, peers, tunnel, homeAddresses, ports } = ground
  return async (): Promise<View> => {
    const isHere = await tunnel.isHere()
    const status = await tunnel.status()
    const on = settings.get(setting.remoteOn)
    const host = settings.get(setting.remoteHost)
    const address = settings.get(setting.remoteAddress)
    const { httpsPort } = ports()
    const suffix = httpsPort === 443 ? '' : `:${httpsPort}`
    const places = [...(isHere && address !== null ? [address] : []), ...homeAddresses()]
    const networks = networksAtHome(ground)
    const reached = address === null || !isHere ? networks : [...networks, `${address}/32`]
    const running = status?.running === true ? 'running' : 'failed'
    return {
      ...{ on, way: isHere ? 'here' : 'elsewhere', state: !on ? 'off' : isHere ? running : 'unknown' },
      problem: on ? (tunnel.problem() ?? clashWords(ground)) : null,
      ...{ host, hostIsPrivate: host !== null && isHomeAddress(host), port: settings.get(setting.remotePort) },
      ...{ homeNetworks: networks, homeNetworkGiven: settings.get(setting.remoteHomeNetwork), address },
      openAt: [...new Set(places)]
        .filter((place) => isIP(place) === 4 && isIn(reached, place))
        .map((place) => `https://${place}${suffix}`),
      peers: peers.list().map((peer) => viewOf(peer, status)),
    }
  }
}

/** Coming in from outside by WireGuard (SEC-C6): the box's end, the phones, and the host agent that runs it. */
export function createRemoteAccess(deps: RemoteAccessDeps): RemoteAccess {
  const log = deps.log.child({ part: 'remote-access' })
  const ground: Ground = { ...deps, log, peers: createPeers(deps), tunnel: createTunnel({ ...deps, log }) }
  const { settings, clock, tunnel, peers } = ground
  const overview = createOverview(ground)
  const { add, remove } = createPeerActs(ground, overview)
  const acts = {
    overview,
    change: createChange(ground, overview),
    add,
    remove,
    serverConfig: createServerConfig(ground),
  }

  /** After a restart of the box, and whenever something took the tunnel down. */
  async function watchOnce(): Promise<void> {
    const status = await tunnel.reconcile(wantedTunnel(ground))
    if (status) await peers.noteHandshakes(status)
  }
  const watch = supervise({
    ...{ name: 'tunnel watch', clock, log, pauseMs: WATCH_MS },
    // An agent that is silent must not hold up the end of everything else.
    runOnce: (signal) => giveWay(watchOnce(), signal),
  })

  return {
    name: 'remote-access',
    routes: remoteAccessRoutes(acts),
    addresses() {
      const address = settings.get(setting.remoteAddress)
      return settings.get(setting.remoteOn) && address !== null ? [address] : []
    },
    start: () => peers.load(),
    startLate: () => watch.start(),
    stop: () => watch.stop(),
  }
}
