import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { namesOf, splitPem } from '../certificate-facts.ts'
import type { ServedCertificate } from '../source.ts'

export interface ProvidedFiles {
  certText: string
  keyText: string
  /** Further roots that may end a chain: PEM. */
  roots: readonly string[]
  nowMs: number
}

/** A certificate that can be served, or why it cannot, in one plain sentence. */
export type Verdict = { certificate: ServedCertificate } | { problem: string }

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const SHORTEST_RSA_BITS = 2_048
/** What phones and browsers take. */
const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1'])

class Unusable extends Error {}

const day = (date: Date): string => date.toISOString().slice(0, 10)
/** `CN=R11` → R11; the whole subject where there is no common name. */
const nameOf = (distinguished: string): string =>
  /^CN=(.+)$/m.exec(distinguished)?.[1] ?? distinguished.split('\n')[0] ?? ''

const ANY_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g

/** A block that begins or ends outside a whole one: the rest is still on its way. */
const isCut = (text: string): boolean => /^-/m.test(text.replaceAll(ANY_BLOCK, ''))

function readChain(text: string): X509Certificate[] {
  if (isCut(text))
    throw new Unusable('The certificate file ends in the middle of a certificate; it may still be on its way.')
  const blocks = splitPem(text)
  if (blocks.length === 0) throw new Unusable('The certificate file holds no certificate in PEM form.')
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block)
    } catch {
      throw new Unusable(`Certificate ${index + 1} of the file cannot be read.`)
    }
  })
}

function readKey(text: string): KeyObject {
  if (/ENCRYPTED/.test(text))
    throw new Unusable(
      'The key file is locked with a passphrase; Lares needs it without one, readable for itself alone.',
    )
  try {
    return createPrivateKey(text)
  } catch {
    throw new Unusable('The key file holds no private key that can be read; it may still be on its way.')
  }
}

function checkKey(leaf: X509Certificate, chain: readonly X509Certificate[], key: KeyObject): void {
  if (leaf.checkPrivateKey(key)) return
  throw new Unusable(
    chain.some((other) => other.checkPrivateKey(key))
      ? 'The certificates are in the wrong order: the one of this box comes first, then the one that signed it, and so on.'
      : 'Certificate and key do not belong together.',
  )
}

function checkStrength(certificate: X509Certificate): void {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = certificate.publicKey
  const name = nameOf(certificate.subject)
  if (kind === 'rsa' && (details?.modulusLength ?? 0) < SHORTEST_RSA_BITS)
    throw new Unusable(
      `The RSA key of ${name} has ${details?.modulusLength} bits; phones want ${SHORTEST_RSA_BITS} or more.`,
    )
  const isKnown = kind === 'rsa' || (kind === 'ec' && CURVES.has(details?.namedCurve ?? ''))
  if (!isKnown)
    throw new Unusable(`The key of ${name} is of a kind that browsers do not take (${details?.namedCurve ?? kind}).`)
  // A root's own signature proves nothing and is not looked at by anybody.
  if (/sha1|md5/i.test(certificate.signatureAlgorithm ?? '') && !certificate.checkIssued(certificate))
    throw new Unusable(`${name} is signed with ${certificate.signatureAlgorithm}, which browsers refuse.`)
}

function checkDates(certificate: X509Certificate, nowMs: number): void {
  const name = nameOf(certificate.subject)
  if (certificate.validToDate.getTime() <= nowMs)
    throw new Unusable(`The certificate of ${name} ended on ${day(certificate.validToDate)}.`)
  if (certificate.validFromDate.getTime() > nowMs)
    throw new Unusable(`The certificate of ${name} is good from ${day(certificate.validFromDate)} on, not yet.`)
}

const signed = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

function isKnownRoot(certificate: X509Certificate, roots: readonly string[]): boolean {
  const wanted = nameOf(certificate.issuer)
  return [...roots, ...rootCertificates].some((pem) => {
    const root = new X509Certificate(pem)
    return nameOf(root.subject) === wanted && signed(certificate, root)
  })
}

/** In order, and nothing missing in between or at the end: phones fetch no missing one. */
function checkChain(chain: readonly X509Certificate[], roots: readonly string[]): void {
  for (const [index, issuer] of chain.slice(1).entries()) {
    const certificate = chain[index] as X509Certificate
    if (!issuer.ca) throw new Unusable(`${nameOf(issuer.subject)} may not sign other certificates.`)
    if (!signed(certificate, issuer))
      throw new Unusable(
        `In the file ${nameOf(certificate.subject)} is followed by ${nameOf(issuer.subject)}, which did not sign it: one is missing, or the order is wrong.`,
      )
  }
  const last = chain.at(-1) as X509Certificate
  if (last.checkIssued(last) || isKnownRoot(last, roots)) return
  // Authorities of a household or company often have no more than this; public ones always say where the next one is.
  if (!/CA Issuers/.test(last.infoAccess ?? '')) return
  throw new Unusable(`The chain is not complete: the certificate of ${nameOf(last.issuer)} has to follow in the file.`)
}

function checkPurpose(leaf: X509Certificate): void {
  if (leaf.ca) throw new Unusable(`${nameOf(leaf.subject)} is the certificate of an authority, not of a server.`)
  const uses = (leaf.keyUsage ?? []) as readonly string[]
  if (uses.length > 0 && !uses.includes(SERVER_AUTH))
    throw new Unusable(`The certificate of ${nameOf(leaf.subject)} is not meant for servers.`)
  if (namesOf(leaf.toString()).length === 0)
    throw new Unusable('The certificate names no host (subject alternative names); browsers look at nothing else.')
}

/** Everything that a phone would hold against these files. Pure. */
export function checkProvided({ certText, keyText, roots, nowMs }: ProvidedFiles): Verdict {
  try {
    const chain = readChain(certText)
    const leaf = chain[0] as X509Certificate
    checkKey(leaf, chain, readKey(keyText))
    for (const certificate of chain) {
      checkDates(certificate, nowMs)
      checkStrength(certificate)
    }
    checkPurpose(leaf)
    checkChain(chain, roots)
    return {
      certificate: {
        certPem: splitPem(certText).join(''),
        keyPem: keyText,
        names: namesOf(leaf.toString()),
        notBeforeMs: leaf.validFromDate.getTime(),
        notAfterMs: leaf.validToDate.getTime(),
      },
    }
  } catch (error) {
    if (error instanceof Unusable) return { problem: error.message }
    throw error
  }
}
