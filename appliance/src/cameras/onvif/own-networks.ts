import { BlockList, isIP, SocketAddress } from 'node:net'
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { isHomeAddress } from '../../core/addresses.ts'

export type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

/** One IPv4 network that the box is in. */
export interface Subnet {
  /** The box's own address in it. */
  address: string
  /** `192.168.1.0/24` */
  name: string
  /** Every address of it but the network's own, its broadcast and the box's; in order. */
  hosts: readonly string[]
  /** Too large to be asked address by address; `hosts` is empty. */
  isTooLarge: boolean
}

/** Where cameras may be: in the home, never the box itself. Read anew each time: networks come and go. */
export interface OwnNetworks {
  subnets(): Subnet[]
  /** Throws nothing; false for what is no address at all. */
  mayReach(address: string): boolean
}

const MAX_PREFIX_SIZE = 22

export function createOwnNetworks(interfaces: () => Interfaces = networkInterfaces): OwnNetworks {
  const all = (): NetworkInterfaceInfo[] => Object.values(interfaces()).flatMap((each) => each ?? [])
  return {
    subnets: () => all().filter(isHomeNetwork).map(subnetOf).filter(isFirst),
    mayReach: (address) => isReachable(address, all()),
  }
}

function isHomeNetwork({ family, internal, address, cidr }: NetworkInterfaceInfo): boolean {
  const prefix = Number(cidr?.split('/')[1] ?? 32)
  // Point-to-point links (/31, /32: VPNs) have nobody to ask.
  return family === 'IPv4' && !internal && prefix < 31 && isHomeAddress(address)
}

const isFirst = (subnet: Subnet, index: number, all: Subnet[]): boolean =>
  all.findIndex(({ name }) => name === subnet.name) === index

function subnetOf({ address, cidr }: NetworkInterfaceInfo): Subnet {
  const prefix = Number(cidr?.split('/')[1] ?? 32)
  const size = 2 ** (32 - prefix)
  const own = numberOf(address)
  const start = own - (own % size)
  const isTooLarge = prefix < MAX_PREFIX_SIZE
  const numbers = isTooLarge ? [] : Array.from({ length: size - 2 }, (_, index) => start + 1 + index)
  const hosts = numbers.filter((number) => number !== own).map(textOf)
  return { address, name: `${textOf(start)}/${prefix}`, hosts, isTooLarge }
}

/** Loopback counts as reachable only where an outer network of the box lies in it: nowhere but in tests. */
function isReachable(address: string, own: readonly NetworkInterfaceInfo[]): boolean {
  if (isIP(address) === 0 || !isHomeAddress(address)) return false
  const plain = sameForm(address)
  if (own.some((each) => sameForm(each.address) === plain)) return false
  if (!isIn(LOOPBACK, address)) return true
  return own.some(
    ({ internal, cidr, family }) => !internal && family === 'IPv4' && cidr !== null && isIn(listOf(cidr), address),
  )
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

function listOf(cidr: string): BlockList {
  const list = new BlockList()
  const [network = '', prefix = '32'] = cidr.split('/')
  list.addSubnet(network, Number(prefix), 'ipv4')
  return list
}

const isIn = (list: BlockList, address: string): boolean => list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')

/** One spelling for each address: `fe80::1%eth0` and `FE80:0::1` are the same device to us. */
function sameForm(address: string): string {
  const bare = address.split('%', 1)[0] ?? address
  return new SocketAddress({ address: bare, family: isIP(bare) === 6 ? 'ipv6' : 'ipv4' }).address
}

export function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}
