import { randomInt } from 'node:crypto'
import type { NetworkInterfaceInfo } from 'node:os'

export type Interfaces = Readonly<
  Record<string, readonly Pick<NetworkInterfaceInfo, 'family' | 'internal' | 'cidr'>[] | undefined>
>

export const TUNNEL_INTERFACE = 'lares'
/** Networks of containers and virtual machines are nobody's home network. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|tun|tap|wg|lares|tailscale|zt|cni|flannel|kube)/
/** Below lie the networks that routers and companies like to take. */
const [FIRST, LAST] = [64, 254]
const PHONES = 250

interface Network {
  base: number
  prefix: number
}

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const textOf = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')

function parse(cidr: string): Network {
  const [address = '', prefix = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(prefix))
  return { base: Math.floor(numberOf(address) / size) * size, prefix: Number(prefix) }
}

const sizeOf = ({ prefix }: Network): number => 2 ** (32 - prefix)

export function overlap(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)]
  return a.base < b.base + sizeOf(b) && b.base < a.base + sizeOf(a)
}

const networksOf = (interfaces: Interfaces, wanted: (name: string) => boolean): string[] => {
  const found = Object.entries(interfaces)
    .filter(([name]) => wanted(name))
    .flatMap(([, infos]) => infos ?? [])
    .filter(({ family, internal, cidr }) => family === 'IPv4' && !internal && cidr !== null)
    .map(({ cidr }) => parse(cidr ?? ''))
  return [...new Set(found.map(({ base, prefix }) => `${textOf(base)}/${prefix}`))]
}

/** Every network that this machine is in, its own tunnel left out: none of them may be taken for the tunnel. */
export const takenNetworks = (interfaces: Interfaces): string[] =>
  networksOf(interfaces, (name) => name !== TUNNEL_INTERFACE)

/** The networks at home, by cable and radio. */
export const homeNetworksOf = (interfaces: Interfaces): string[] =>
  networksOf(interfaces, (name) => !VIRTUAL.test(name))

/** The network of the tunnel, from the address of the box in it. */
export const tunnelNetwork = (address: string): string => `${textOf(parse(`${address}/24`).base)}/24`

/**
 * An address for the box in a network of its own (10.x.y.0/24) that none of `taken` overlaps. Drawn by chance: the phone of
 * somebody with two such boxes should not find both under one address.
 */
export function freeTunnelAddress(taken: readonly string[], draw: (below: number) => number = randomInt): string {
  const many = LAST - FIRST + 1
  const [from, third] = [draw(many), draw(256)]
  const candidates = Array.from({ length: many }, (_, step) => `10.${FIRST + ((from + step) % many)}.${third}.1`)
  return (
    candidates.find((address) => !taken.some((network) => overlap(network, `${address}/24`))) ??
    `10.${FIRST}.${third}.1`
  )
}

/** The next address in the tunnel that no phone has; null when all are taken. */
export function freePeerAddress(own: string, used: readonly string[]): string | null {
  const { base } = parse(`${own}/24`)
  const taken = new Set([own, ...used])
  const all = Array.from({ length: PHONES }, (_, index) => textOf(base + 2 + index))
  return all.find((address) => !taken.has(address)) ?? null
}
