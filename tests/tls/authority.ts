import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000

export interface LeafWish {
  names?: readonly string[]
  nowMs?: number
  fromDays?: number
  days?: number
  key?: 'ec' | 'rsa-2048' | 'rsa-1024' | 'ed25519'
  /** Object ids. */
  uses?: string[]
  isAuthority?: boolean
  /** Says where the certificate of its issuer lies, as public authorities do. */
  says?: boolean
  hash?: 'SHA-256' | 'SHA-1'
}

export interface Leaf {
  certPem: string
  keyPem: string
}

/** A root with a middle between it and what it signs, as public authorities have. */
export interface Authority {
  rootPem: string
  middlePem: string
  leaf(wish?: LeafWish): Promise<Leaf>
}

const KEYS = {
  ec: EC,
  'rsa-2048': {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2_048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  'rsa-1024': {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 1_024,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  ed25519: { name: 'Ed25519' },
} as const

const newKeys = (kind: keyof typeof KEYS = 'ec'): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(KEYS[kind] as typeof EC, true, ['sign', 'verify'])

async function keyPemOf({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const base64 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END PRIVATE KEY-----\n`
}

const pemOf = (certificate: x509.X509Certificate): string => `${certificate.toString('pem')}\n`
const serialNumber = (): string => `40${randomBytes(8).toString('hex')}`

export async function makeAuthority(name = 'Test', startMs = Date.now()): Promise<Authority> {
  x509.cryptoProvider.set(webcrypto)
  const [rootKeys, middleKeys] = [await newKeys(), await newKeys()]
  const dates = { notBefore: new Date(startMs - 3_650 * DAY_MS), notAfter: new Date(startMs + 3_650 * DAY_MS) }
  const usages = new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ ...dates, name: `CN=${name} root`, keys: rootKeys, signingAlgorithm: EC },
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true), usages],
  })
  const middle = await x509.X509CertificateGenerator.create({
    ...{
      ...dates,
      subject: `CN=${name} middle`,
      issuer: root.subject,
      signingAlgorithm: EC,
      serialNumber: serialNumber(),
    },
    ...{ publicKey: middleKeys.publicKey, signingKey: rootKeys.privateKey },
    extensions: [new x509.BasicConstraintsExtension(true, 0, true), usages],
  })
  return {
    rootPem: pemOf(root),
    middlePem: pemOf(middle),
    async leaf({ names = ['home.example.org'], nowMs = startMs, fromDays = -1, days = 90, ...wish } = {}) {
      const keys = await newKeys(wish.key)
      const alternatives = names.map((value) => ({
        type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
        value,
      }))
      const leaf = await x509.X509CertificateGenerator.create({
        ...{ subject: `CN=${names[0] ?? 'nobody'}`, issuer: middle.subject, serialNumber: serialNumber() },
        notBefore: new Date(nowMs + fromDays * DAY_MS),
        notAfter: new Date(nowMs + (fromDays + days) * DAY_MS),
        ...{ publicKey: keys.publicKey, signingKey: middleKeys.privateKey },
        signingAlgorithm: { ...EC, hash: wish.hash ?? 'SHA-256' },
        extensions: [
          new x509.BasicConstraintsExtension(wish.isAuthority ?? false, undefined, true),
          new x509.ExtendedKeyUsageExtension(wish.uses ?? [x509.ExtendedKeyUsage.serverAuth]),
          ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternatives)] : []),
          ...(wish.says ? [new x509.AuthorityInfoAccessExtension({ caIssuers: 'http://ca.example/middle.der' })] : []),
        ],
      })
      return { certPem: pemOf(leaf), keyPem: await keyPemOf(keys) }
    },
  }
}
