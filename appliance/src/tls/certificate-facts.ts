import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'

/** What is read back out of a certificate. */
export interface CertificateFacts {
  notBeforeMs: number
  notAfterMs: number
  /** SHA-256, colon-separated hex. */
  fingerprint: string
  der: Buffer
}

export function factsOf(certPem: string): CertificateFacts {
  const certificate = new X509Certificate(certPem)
  return {
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
    fingerprint: certificate.fingerprint256,
    der: certificate.raw,
  }
}

/** True when the certificate is good for this name or address. */
export function covers(certPem: string, host: string): boolean {
  const certificate = new X509Certificate(certPem)
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined
}

/** `DNS:a.example, IP Address:10.0.0.1`; Node quotes an entry that holds a comma, which no host name does. */
const ENTRY = /^(DNS|IP Address):(.+)$/

/** DNS names (lower case, wildcards as they stand) and addresses of the certificate. */
export function namesOf(certPem: string): string[] {
  const entries = (new X509Certificate(certPem).subjectAltName ?? '').split(', ')
  return entries.flatMap((entry) => ENTRY.exec(entry)?.[2]?.toLowerCase() ?? [])
}

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Each certificate of a file of several, with a line end. */
export const splitPem = (text: string): string[] => (text.match(CERTIFICATE_BLOCK) ?? []).map((pem) => `${pem}\n`)
