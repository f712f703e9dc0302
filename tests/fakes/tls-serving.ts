import type { TlsBoot } from '../../appliance/src/api/certificates.ts'
import type { Certificate, SecureDoor, TlsServing } from '../../appliance/src/http/index.ts'

export const NO_TLS: TlsBoot = {
  ...{ mode: undefined, certPath: undefined, keyPath: undefined, caPath: undefined, certDir: undefined },
}

/** One certificate for everybody, nobody asked for theirs. */
export function fakeDoor(certificate: () => Certificate, changes: Partial<SecureDoor> = {}): SecureDoor {
  return {
    fallback: certificate,
    forName: () => null,
    minVersion: () => 'TLSv1.2',
    clientAuthorities: () => null,
    admit: () => true,
    onChange: () => () => undefined,
    ...changes,
  }
}

export function fakeServing(door: SecureDoor | null, changes: Partial<TlsServing> = {}): TlsServing {
  return {
    door,
    hosts: () => [],
    promisesHttps: () => false,
    trustHandler: () => false,
    challengeHandler: () => false,
    ...changes,
  }
}
