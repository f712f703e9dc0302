import { isIP } from 'node:net'
import { hostname, networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { isCertifiable } from './local-ca/home-names.ts'

/** What the operating system says about this box; tests hand in their own. */
export interface OwnNetwork {
  hostname(): string
  interfaces(): Readonly<
    Record<string, readonly Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[] | undefined>
  >
}

export const systemNetwork: OwnNetwork = {
  hostname,
  interfaces() {
    try {
      return networkInterfaces()
    } catch {
      // A strict sandbox may forbid the question; the names and loopback still work.
      return {}
    }
  },
}

/** Bridges and tunnels: real addresses, but none that a phone would use. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|tun|tap|wg|lares|tailscale|zt|cni|flannel|kube)/
const LOOPBACK = ['127.0.0.1', '::1']

/** Only what the private root may vouch for. Link-local IPv6 cannot be typed into a browser. */
const isUseful = (address: string): boolean => isCertifiable(address) && !/^fe80:/i.test(address)

/** Addresses on the home network, likeliest first: cables and radio before bridges, IPv4 before IPv6. */
export function lanAddresses(network: OwnNetwork): string[] {
  const found = Object.entries(network.interfaces()).flatMap(([name, infos]) =>
    (infos ?? [])
      .filter(({ internal, address }) => !internal && isUseful(address))
      .map(({ address, family }) => ({ address, rank: (VIRTUAL.test(name) ? 2 : 0) + (family === 'IPv6' ? 1 : 0) })),
  )
  const sorted = found.sort((a, b) => a.rank - b.rank || (a.address < b.address ? -1 : 1))
  return [...new Set(sorted.map(({ address }) => address))]
}

/** Those of the addresses at which a server that listens on `host` answers, likeliest first; never empty. */
export function reachableAddresses(host: string, network: OwnNetwork): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host]
  const lan = lanAddresses(network).filter((address) => host === '::' || isIP(address) === 4)
  return lan.length > 0 ? lan : ['127.0.0.1']
}

const label = (name: string): string => name.toLowerCase().split('.')[0] ?? ''
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** Names under which the box is found on the home network; `<name>.local` first. */
export function lanNames(name: string, network: OwnNetwork): string[] {
  const own = network.hostname().toLowerCase()
  const names = [`${name}.local`, `${label(own)}.local`, own, 'localhost']
  const valid = names.filter((each) => isCertifiable(each) && each.split('.').every((part) => LABEL.test(part)))
  return [...new Set(valid)]
}

/** Everything that the certificate should be good for, names first. */
export function certifiedHosts(name: string, network: OwnNetwork): string[] {
  return [...lanNames(name, network), ...lanAddresses(network), ...LOOPBACK]
}

/** What a browser may have in its address line: the certified hosts and the bare names that routers make up. */
export function answeredHosts(name: string, network: OwnNetwork): string[] {
  const bare = [name, label(network.hostname()), network.hostname().toLowerCase()].filter((each) => each !== '')
  return [...new Set([...certifiedHosts(name, network), ...bare])]
}
