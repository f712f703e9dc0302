import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import type * as X509Library from '@peculiar/x509'
import { nameConstraints, NAME_CONSTRAINTS_OID } from './name-constraints.ts'

const DAY_MS = 24 * 60 * 60_000
const HOUR_MS = 60 * 60_000
const ROOT_DAYS = 3_652
/** iOS allows 825 at most; 397 is what public certificates were once allowed, and no browser objects to it. */
const LEAF_DAYS = 397
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A certificate with its private key, both as PEM. */
export interface KeyedCertificate {
  certPem: string
  keyPem: string
}

/** Costs 0.2 s to load and is needed only when something is issued. */
async function loadX509(): Promise<typeof X509Library> {
  // The library refuses to load without it.
  await import('reflect-metadata')
  return import('@peculiar/x509')
}

const newSerial = (): string => {
  const bytes = randomBytes(16)
  // Positive and without a leading zero byte.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}

const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])

/** Named by what makes it: a browser's library and Node's call the same thing by different types. */
type PrivateKey = Awaited<ReturnType<typeof newKeys>>['privateKey']

async function keyToPem(key: PrivateKey): Promise<string> {
  const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', key))
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n')
}

async function keyFromPem(pem: string): Promise<PrivateKey> {
  const bytes = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64')
  return crypto.subtle.importKey('pkcs8', bytes, ALGORITHM, false, ['sign'])
}

const withNewline = (pem: string): string => `${pem.trimEnd()}\n`

/** A root for ten years that may only vouch for names and addresses of a home. */
export async function createRoot(nowMs: number): Promise<KeyedCertificate> {
  const x509 = await loadX509()
  const keys = await newKeys()
  const id = randomBytes(2).toString('hex').toUpperCase()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=Lares home ${id}, O=Lares`,
    notBefore: new Date(nowMs - HOUR_MS),
    notAfter: new Date(nowMs + ROOT_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.Extension(NAME_CONSTRAINTS_OID, true, Uint8Array.from(nameConstraints())),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certPem: withNewline(certificate.toString('pem')), keyPem: await keyToPem(keys.privateKey) }
}

/** A server certificate for `hosts` (names and addresses), signed by the root, with a key of its own. */
export async function createLeaf(
  root: KeyedCertificate,
  hosts: readonly string[],
  nowMs: number,
): Promise<KeyedCertificate> {
  const x509 = await loadX509()
  const issuer = new x509.X509Certificate(root.certPem)
  const keys = await newKeys()
  const names = hosts.map((host) => ({ type: isIP(host) === 0 ? ('dns' as const) : ('ip' as const), value: host }))
  // Never beyond the root, which would make the chain invalid.
  const notAfterMs = Math.min(nowMs + LEAF_DAYS * DAY_MS, issuer.notAfter.getTime())
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: `CN=${hosts[0] ?? 'lares.local'}, O=Lares`,
    issuer: issuer.subject,
    notBefore: new Date(Math.max(nowMs - HOUR_MS, issuer.notBefore.getTime())),
    notAfter: new Date(notAfterMs),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await keyFromPem(root.keyPem),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certPem: withNewline(certificate.toString('pem')), keyPem: await keyToPem(keys.privateKey) }
}

/** A certificate by which a phone of the household shows who it is (SEC-B5); DER, to be put into a PKCS#12 file. */
export interface ClientIdentity {
  certificateDer: Buffer
  /** PKCS#8. */
  keyDer: Buffer
  notAfterMs: number
}

/** For `name`, signed by the root for `days` days. */
export async function createClientIdentity(
  root: KeyedCertificate,
  { name, days, nowMs }: { name: string; days: number; nowMs: number },
): Promise<ClientIdentity> {
  const x509 = await loadX509()
  const issuer = new x509.X509Certificate(root.certPem)
  const keys = await newKeys()
  const notAfterMs = Math.min(nowMs + days * DAY_MS, issuer.notAfter.getTime())
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    // Never like a host name: the constraints of the root would be held against it.
    subject: [{ CN: [`Lares client: ${name}`] }, { O: ['Lares'] }],
    issuer: issuer.subject,
    notBefore: new Date(Math.max(nowMs - HOUR_MS, issuer.notBefore.getTime())),
    notAfter: new Date(notAfterMs),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await keyFromPem(root.keyPem),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return {
    certificateDer: Buffer.from(certificate.rawData),
    keyDer: Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
    notAfterMs: certificate.notAfter.getTime(),
  }
}
