import { isIP } from 'node:net'
import type { SecureDoor } from '../http/index.ts'
import { matchesName } from '../http/index.ts'
import type { Settings } from '../settings/types.ts'
import type { Clients } from './clients/index.ts'
import type { LocalCa } from './local-ca/index.ts'
import type { PublicSource } from './public-source.ts'
import { minVersion } from './settings.ts'
import type { ServedCertificate } from './source.ts'

export interface DoorDeps {
  localCa: LocalCa
  publicSource: PublicSource
  clients: Clients
  settings: Settings
  /** The private leaf; throws before the start. */
  privateLeaf(): ServedCertificate
}

/** DNS names of the certificate that is served besides the private one. */
export const publicNamesOf = ({ publicSource }: Pick<DoorDeps, 'publicSource'>): readonly string[] =>
  (publicSource.current()?.current()?.names ?? []).filter((name) => isIP(name) === 0)

/** What the one HTTPS server shows to whom: names of the public certificate get that one, everybody else the private leaf. */
export function createSecureDoor({ localCa, publicSource, clients, settings, privateLeaf }: DoorDeps): SecureDoor {
  return {
    fallback: privateLeaf,
    forName(name) {
      const found = publicSource.current()?.current() ?? null
      return found?.names.some((pattern) => matchesName(pattern, name)) ? found : null
    },
    minVersion: () => settings.get(minVersion),
    clientAuthorities: () => clients.authorities(),
    admit: (certificate) => clients.admit(certificate),
    onChange(listener) {
      const leave = [
        localCa.onChange(listener),
        publicSource.onChange(listener),
        clients.onChange(listener),
        settings.onChange(minVersion, listener),
      ]
      return () => leave.forEach((end) => end())
    },
  }
}
