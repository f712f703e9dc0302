import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { bmpString, explicit, implicit, integer, nothing, objectId, octets, sequence, setOf, utf16Be } from '../der.ts'

/**
 * PKCS#12 (RFC 7292) with triple DES and SHA-1: weak words by today's taste, but the only ones that every iPhone, Android,
 * Windows and Mac in use can open (newer ones refuse nothing of it; older ones refuse AES). What keeps the key secret is
 * the password, a hundred random bits, which no cipher here makes guessable.
 */
const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  shaAnd3Des: '1.2.840.113549.1.12.1.3',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  sha1: '1.3.14.3.2.26',
} as const

const ITERATIONS = 2_048
const SALT_BYTES = 8
const MAC_SALT_BYTES = 20
const BLOCK_BYTES = 64
const SHA1_BYTES = 20
const FOR = { key: 1, iv: 2, mac: 3 } as const

const sha1 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha1')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** As often as it takes to fill whole blocks. */
function fill(bytes: Uint8Array): Buffer {
  const length = Math.ceil(bytes.length / BLOCK_BYTES) * BLOCK_BYTES
  return Buffer.alloc(length, bytes)
}

/** `block` = (`block` + `added` + 1) mod 2⁵¹², in place. */
function addTo(block: Buffer, added: Buffer): void {
  let carry = 1
  for (let index = BLOCK_BYTES - 1; index >= 0; index--) {
    const sum = (block[index] ?? 0) + (added[index] ?? 0) + carry
    block[index] = sum & 0xff
    carry = sum >> 8
  }
}

/** Key material out of a password: RFC 7292, appendix B.2. */
function derive(password: string, salt: Buffer, purpose: number, length: number): Buffer {
  const diversifier = Buffer.alloc(BLOCK_BYTES, purpose)
  const input = Buffer.concat([fill(salt), fill(Buffer.concat([utf16Be(password), Buffer.alloc(2)]))])
  const made: Buffer[] = []
  for (let count = 0; count < length; count += SHA1_BYTES) {
    let hash = sha1(diversifier, input)
    for (let round = 1; round < ITERATIONS; round++) hash = sha1(hash)
    made.push(hash)
    const added = Buffer.alloc(BLOCK_BYTES, hash)
    for (let at = 0; at < input.length; at += BLOCK_BYTES) addTo(input.subarray(at, at + BLOCK_BYTES), added)
  }
  return Buffer.concat(made).subarray(0, length)
}

function encrypt(password: string, plain: Buffer): { algorithm: Buffer; bytes: Buffer } {
  const salt = randomBytes(SALT_BYTES)
  const key = derive(password, salt, FOR.key, 24)
  const cipher = createCipheriv('des-ede3-cbc', key, derive(password, salt, FOR.iv, 8))
  const algorithm = sequence(objectId(OID.shaAnd3Des), sequence(octets(salt), integer(ITERATIONS)))
  return { algorithm, bytes: Buffer.concat([cipher.update(plain), cipher.final()]) }
}

const attribute = (id: string, value: Buffer): Buffer => sequence(objectId(id), setOf(value))
const dataContent = (bytes: Buffer): Buffer => sequence(objectId(OID.data), explicit(0, octets(bytes)))

function encryptedContent(password: string, plain: Buffer): Buffer {
  const { algorithm, bytes } = encrypt(password, plain)
  const info = sequence(objectId(OID.data), algorithm, implicit(0, bytes))
  return sequence(objectId(OID.encryptedData), explicit(0, sequence(integer(0), info)))
}

export interface Pkcs12Input {
  certificateDer: Buffer
  /** PKCS#8. */
  keyDer: Buffer
  /** What the phone calls it. */
  name: string
  password: string
}

/** One key with its certificate, as phones and computers import it. */
export function pkcs12({ certificateDer, keyDer, name, password }: Pkcs12Input): Buffer {
  const attributes = setOf(
    attribute(OID.friendlyName, bmpString(name)),
    attribute(OID.localKeyId, octets(sha1(certificateDer))),
  )
  const certificate = sequence(objectId(OID.x509Certificate), explicit(0, octets(certificateDer)))
  const certBag = sequence(objectId(OID.certBag), explicit(0, certificate), attributes)
  const shrouded = encrypt(password, keyDer)
  const keyBag = sequence(
    objectId(OID.shroudedKeyBag),
    explicit(0, sequence(shrouded.algorithm, octets(shrouded.bytes))),
    attributes,
  )
  const safe = sequence(encryptedContent(password, sequence(certBag)), dataContent(sequence(keyBag)))
  const macSalt = randomBytes(MAC_SALT_BYTES)
  const mac = createHmac('sha1', derive(password, macSalt, FOR.mac, SHA1_BYTES))
    .update(safe)
    .digest()
  const digest = sequence(sequence(objectId(OID.sha1), nothing()), octets(mac))
  return sequence(integer(3), dataContent(safe), sequence(digest, octets(macSalt), integer(ITERATIONS)))
}
