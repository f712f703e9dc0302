import { z } from 'zod'
import { epochMs, id } from './common.ts'

export const DEFAULT_REMOTE_PORT = 51_820

/** What of the home a phone in the tunnel reaches: the app alone, or everything in the network at home. */
export const remoteReach = z.enum(['box', 'home'])
export type RemoteReach = z.infer<typeof remoteReach>

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
const HOST_NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(\\.${LABEL})+$`)

/** A name or an address, without port: it stands in a line of the phones' configuration. */
export const endpointHost = z
  .string()
  .trim()
  .toLowerCase()
  .refine(
    (host) => z.ipv4().safeParse(host).success || z.ipv6().safeParse(host).success || isName(host),
    'is neither a name such as home.example.org nor an address',
  )

const isName = (host: string): boolean => HOST_NAME.test(host) && !/\.[0-9]+$/.test(host)

export const homeNetwork = z.cidrv4('is no network such as 192.168.1.0/24').regex(/^[\d./]+$/)

export const remotePeer = z
  .strictObject({
    id,
    name: z.string().describe('What the owner calls the phone.'),
    address: z.string().describe('Its own in the tunnel.'),
    reach: remoteReach,
    createdBy: z.string().nullable(),
    createdAt: epochMs,
    lastSeenAt: epochMs.nullable().describe('When it last shook hands with the box.'),
    receivedBytes: z.number().nonnegative().nullable().describe('From the phone; null while the tunnel is not ours.'),
    sentBytes: z.number().nonnegative().nullable(),
  })
  .meta({ id: 'RemotePeer' })
export type RemotePeer = z.infer<typeof remotePeer>

export const remoteAccessReply = z
  .strictObject({
    on: z.boolean(),
    way: z
      .enum(['here', 'elsewhere'])
      .describe(
        '`here`: this box runs the tunnel. `elsewhere`: a router or another machine does, from the file it gets.',
      ),
    state: z.enum(['off', 'running', 'failed', 'unknown']),
    problem: z.string().nullable().describe('One sentence while something is wrong.'),
    host: z.string().nullable().describe('Under which the home is found from outside.'),
    hostIsPrivate: z.boolean().describe('The address is one of a home network: nobody outside finds it.'),
    port: z.int(),
    homeNetworks: z.array(z.string()).describe('Networks that phones with the reach `home` get into.'),
    homeNetworkGiven: z.string().nullable().describe('The one the owner entered; null: found by the box itself.'),
    address: z.string().nullable().describe('Of this end of the tunnel; null before it was ever switched on.'),
    openAt: z.array(z.string()).describe('Addresses of the app for a phone that is away.'),
    peers: z.array(remotePeer),
  })
  .meta({ id: 'RemoteAccess' })
export type RemoteAccess = z.infer<typeof remoteAccessReply>

export const remoteAccessBody = z
  .strictObject({
    on: z.boolean(),
    host: endpointHost.nullable().describe('null: as it is.'),
    port: z.int().min(1).max(65_535),
    homeNetwork: homeNetwork.nullable().describe('null: found by the box itself.'),
  })
  .meta({ id: 'ChangeRemoteAccess' })
export type ChangeRemoteAccess = z.input<typeof remoteAccessBody>

export const addPeerBody = z
  .strictObject({ name: z.string().trim().min(1).max(40), reach: remoteReach })
  .meta({ id: 'AddRemotePeer' })
export type AddPeer = z.input<typeof addPeerBody>

/** Shown this once: the box keeps no private key of a phone. */
export const addPeerReply = z
  .strictObject({ peer: remotePeer, config: z.string().describe('For the WireGuard app, as text and as QR picture.') })
  .meta({ id: 'AddRemotePeerReply' })
export type AddPeerReply = z.infer<typeof addPeerReply>

export const serverConfigReply = z
  .strictObject({
    config: z.string().describe('For `wg-quick` on the machine that runs the tunnel. Holds its private key.'),
  })
  .meta({ id: 'RemoteServerConfig' })
