import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { CertificateSourceView, ServedCertificateView } from '../api/certificates.ts'
import type { CertificateSource, ServedCertificate } from './source.ts'

/** `CN=R11` → R11; for our own root the whole name is that. */
const commonName = (distinguished: string): string =>
  /^CN=(.+)$/m.exec(distinguished)?.[1] ?? distinguished.replaceAll('\n', ', ')

function keyWords(certificate: X509Certificate): string {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = certificate.publicKey
  return kind === 'ec'
    ? `EC ${details?.namedCurve ?? ''}`
    : `${(kind ?? '').toUpperCase()} ${details?.modulusLength ?? ''}`
}

/** What the page shows of a certificate; read once for each. */
const viewed = new WeakMap<ServedCertificate, ServedCertificateView>()

function viewOf(served: ServedCertificate): ServedCertificateView {
  const before = viewed.get(served)
  if (before) return before
  const certificate = new X509Certificate(served.certPem)
  const view = {
    names: served.names.filter((name) => isIP(name) === 0),
    addresses: served.names.filter((name) => isIP(name) !== 0),
    issuer: commonName(certificate.issuer),
    key: keyWords(certificate).trim(),
    fingerprint: certificate.fingerprint256,
    validFrom: served.notBeforeMs,
    validUntil: served.notAfterMs,
  }
  viewed.set(served, view)
  return view
}

/** One source, for the page. */
export function sourceView(source: CertificateSource): CertificateSourceView {
  const served = source.current()
  const { kind, lastRenewedAtMs, lastTriedAtMs, nextTryAtMs, problem } = source.status()
  return {
    kind,
    servedTo: served === null ? 'nobody' : kind === 'local-ca' ? 'everybody-else' : 'its-names',
    certificate: served && viewOf(served),
    lastRenewedAt: wholeMs(lastRenewedAtMs),
    lastTriedAt: wholeMs(lastTriedAtMs),
    nextTryAt: wholeMs(nextTryAtMs),
    problem,
  }
}

const wholeMs = (ms: number | null): number | null => ms && Math.round(ms)
