import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { getCACertificates } from 'node:tls'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { ServedCertificate } from '../source.ts'
import { certificatesIn, type KeyedChain } from './files.ts'

/** Authorities date certificates back by an hour; a clock may be a little off. */
const CLOCK_SLACK_MS = 10 * 60_000

/** Names and addresses of a certificate, lower case, as `names` of a served certificate has them. */
export function namesOf(certificate: X509Certificate): string[] {
  const entries = (certificate.subjectAltName ?? '').split(/,\s*/)
  return entries.flatMap((entry) => {
    const [, kind, value = ''] = /^(DNS|IP Address):(.+)$/.exec(entry) ?? []
    return kind === undefined ? [] : [value.toLowerCase()]
  })
}

export function servedOf({ certPem, keyPem }: KeyedChain): ServedCertificate {
  const leaf = new X509Certificate(certPem)
  return {
    ...{ certPem, keyPem, names: namesOf(leaf) },
    ...{ notBeforeMs: leaf.validFromDate.getTime(), notAfterMs: leaf.validToDate.getTime() },
  }
}

/** Every wanted name is in it by itself; `*.example.org` must be there as such. */
export function missingName(names: readonly string[], wanted: readonly string[]): string | undefined {
  const plain = (name: string): string => (isIP(name) === 6 ? new URL(`http://[${name}]`).hostname : name.toLowerCase())
  const has = new Set(names.map(plain))
  return wanted.find((name) => !has.has(plain(name)))
}

const refused = (why: string, cause?: unknown): LaresError =>
  new LaresError('conflict', `The new certificate was not taken: ${why}. The old one stays.`, {
    code: 'CERTIFICATE_REFUSED',
    ...(cause !== undefined && { cause }),
  })

const vouches = (issuer: X509Certificate, subject: X509Certificate): boolean =>
  subject.checkIssued(issuer) && subject.verify(issuer.publicKey)

function isKnownRoot(certificate: X509Certificate, roots: readonly string[]): boolean {
  return roots.some((pem) => {
    const root = new X509Certificate(pem)
    return root.subject === certificate.issuer && vouches(root, certificate)
  })
}

/** A leaf alone is whole only when a root that everybody has vouches for it; phones fetch no missing middle. */
function checkChain(chain: readonly X509Certificate[], roots: () => readonly string[]): void {
  const [leaf] = chain
  if (!leaf) throw refused('there is none in the answer')
  for (const [index, issuer] of chain.slice(1).entries())
    if (!vouches(issuer, chain[index] as X509Certificate)) throw refused('its chain does not hold together')
  if (chain.length === 1 && !isKnownRoot(leaf, roots()))
    throw refused('the certificates between it and its root are missing')
}

/** Throws `conflict` CERTIFICATE_REFUSED unless key, names, dates and chain are as they must be. */
export function prove(
  { certPem, keyPem }: KeyedChain,
  wanted: readonly string[],
  nowMs: number,
  roots: () => readonly string[] = () => getCACertificates('default'),
): ServedCertificate {
  try {
    const chain = certificatesIn(certPem).map((pem) => new X509Certificate(pem))
    const [leaf] = chain
    checkChain(chain, roots)
    if (!leaf?.checkPrivateKey(createPrivateKey(keyPem))) throw refused('its key is another one')
    const served = servedOf({ certPem, keyPem })
    const missing = missingName(served.names, wanted)
    if (missing !== undefined) throw refused(`${missing} is not in it`)
    if (served.notAfterMs <= nowMs) throw refused('it has expired already')
    if (served.notBeforeMs > nowMs + CLOCK_SLACK_MS)
      throw refused('it is not valid yet; is the clock of this box right?')
    return served
  } catch (error) {
    throw error instanceof LaresError ? error : refused(messageOf(error), error)
  }
}
