import { isIP } from 'node:net'
import type { Trust } from '../api/system.ts'
import { matchesName } from '../http/index.ts'
import { isCertifiable } from './local-ca/home-names.ts'
import type { HomeRoot } from './local-ca/index.ts'
import { certifiedHosts, reachableAddresses, type OwnNetwork } from './own-addresses.ts'
import type { ServedCertificate } from './source.ts'

export interface LinkDeps {
  /** The box is `<name>.local`. */
  name: string
  /** Address the server listens on. */
  host: string
  /** The ports that are really open; asked when a link is made. */
  ports(): { httpsPort: number; httpPort: number }
  network: OwnNetwork
  /** Of the public certificate; `*.x` stands for one label. */
  publicNames(): readonly string[]
}

const withPort = (host: string, port: number, standard: number): string =>
  `${isIP(host) === 6 ? `[${host}]` : host}${port === standard ? '' : `:${port}`}`

/** Host header → name or address without port and brackets. */
const hostOf = (header: string | undefined): string =>
  (header ?? '')
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()

export interface OwnLinks {
  /** As the device reached us where a certificate covers that, otherwise by the `.local` name. */
  httpsOrigin(hostHeader: string | undefined): string
  /** Origins that need no certificate installed. */
  publicOrigins(): string[]
  /** `http://host:port` at which phones reach the trust page. */
  httpOrigin(): string
  /** What `/api/trust` tells. */
  trust(root: HomeRoot, leaf: ServedCertificate): Trust
}

export function createOwnLinks({ name, host: listensOn, ports, network, publicNames }: LinkDeps): OwnLinks {
  const https = (host: string): string => `https://${withPort(host, ports().httpsPort, 443)}`
  const httpOrigin = (): string => {
    const [host = `${name}.local`] = reachableAddresses(listensOn, network)
    return `http://${withPort(host, ports().httpPort, 80)}`
  }
  return {
    httpOrigin,
    httpsOrigin(hostHeader) {
      const host = hostOf(hostHeader)
      const isPublic = publicNames().some((pattern) => matchesName(pattern, host))
      const isKnown = isPublic || (isCertifiable(host) && certifiedHosts(name, network).includes(host))
      return https(isKnown ? host : `${name}.local`)
    },
    publicOrigins: () =>
      publicNames()
        .filter((each) => !each.startsWith('*.'))
        .map(https),
    trust(root, leaf) {
      const certified = certifiedHosts(name, network)
      return {
        names: certified.filter((each) => isIP(each) === 0),
        addresses: certified.filter((each) => isIP(each) !== 0),
        rootFingerprint: root.facts.fingerprint,
        leafExpiresAt: leaf.notAfterMs,
        rootExpiresAt: root.facts.notAfterMs,
        trustPage: `${httpOrigin()}/trust`,
      }
    },
  }
}
