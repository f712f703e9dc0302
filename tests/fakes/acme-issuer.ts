import 'reflect-metadata'
import { createHash, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const HOUR_MS = 3_600_000
const YEARS_MS = 20 * 365 * 24 * HOUR_MS

export interface IssuedLeaf {
  /** Leaf and middle, as an authority hands them out. */
  chainPem: string
  /** RFC 9773. */
  certId: string
  notBeforeMs: number
  notAfterMs: number
}

export interface Issuer {
  rootPem: string
  /** Throws when the request is not one for exactly these names, on P-256. Returns a mark of its key as well. */
  issue(
    csrDer: Buffer,
    names: readonly string[],
    nowMs: number,
    lifeMs: number,
  ): Promise<IssuedLeaf & { keyMark: string }>
}

const serial = (): string =>
  `${['00', '7f', 'a1'][randomBytes(1)[0]! % 3]}${randomBytes(8).toString('hex')}`.replace(/^00/, '5c')

/** A root and a middle, as public authorities have them. */
export async function createIssuer(startMs: number): Promise<Issuer> {
  x509.cryptoProvider.set(webcrypto)
  const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const [rootKeys, middleKeys] = [await newKeys(), await newKeys()]
  const dates = { notBefore: new Date(startMs - YEARS_MS), notAfter: new Date(startMs + YEARS_MS) }
  const usages = new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true)
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ ...dates, name: 'CN=Fake root', keys: rootKeys, signingAlgorithm: ALGORITHM },
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true), usages],
  })
  const middle = await x509.X509CertificateGenerator.create({
    ...{ ...dates, subject: 'CN=Fake middle', issuer: root.subject, signingAlgorithm: ALGORITHM },
    ...{ publicKey: middleKeys.publicKey, signingKey: rootKeys.privateKey, serialNumber: serial() },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      usages,
      await x509.SubjectKeyIdentifierExtension.create(middleKeys.publicKey),
    ],
  })

  async function issue(csrDer: Buffer, names: readonly string[], nowMs: number, lifeMs: number) {
    const request = new x509.Pkcs10CertificateRequest(new Uint8Array(csrDer))
    if (!(await request.verify())) throw new Error('the request is not signed by its key')
    if ((request.publicKey.algorithm as { namedCurve?: string }).namedCurve !== 'P-256') throw new Error('not on P-256')
    const alternatives = request.getExtension('2.5.29.17')
    const asked = alternatives
      ? new x509.SubjectAlternativeNameExtension(alternatives.rawData).names.items.map(({ value }) => value)
      : []
    if ([...asked].sort().join() !== [...names].sort().join()) throw new Error(`asks for ${asked.join()}`)
    const notBeforeMs = nowMs - HOUR_MS
    const serialNumber = serial()
    const leaf = await x509.X509CertificateGenerator.create({
      ...{ serialNumber, issuer: middle.subject, signingAlgorithm: ALGORITHM },
      ...{ publicKey: request.publicKey, signingKey: middleKeys.privateKey },
      ...{ notBefore: new Date(notBeforeMs), notAfter: new Date(notBeforeMs + lifeMs) },
      extensions: [
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
          true,
        ),
        await x509.AuthorityKeyIdentifierExtension.create(middleKeys.publicKey),
      ],
    })
    const authority = leaf.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId ?? ''
    const der =
      Number.parseInt(leaf.serialNumber.slice(0, 2), 16) >= 0x80 ? `00${leaf.serialNumber}` : leaf.serialNumber
    const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')
    return {
      chainPem: `${leaf.toString('pem')}\n${middle.toString('pem')}\n`,
      certId: `${base64url(authority)}.${base64url(der)}`,
      keyMark: createHash('sha256').update(Buffer.from(request.publicKey.rawData)).digest('hex'),
      ...{ notBeforeMs, notAfterMs: notBeforeMs + lifeMs },
    }
  }
  return { rootPem: root.toString('pem'), issue }
}
