import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import type { PasskeyAnswer, PasskeyChallenge } from '../../appliance/src/api/accounts.ts'

/** What a test makes wrong about an answer. */
export interface Twist {
  origin?: string
  rpId?: string
  /** False: somebody was there, but nobody checked who. */
  verified?: boolean
  counter?: number
  challenge?: string
  type?: string
  crossOrigin?: boolean
  userHandle?: string | null
  credentialId?: string
  /** Bytes instead of the signature. */
  signature?: string
  /** Attestation format and statement, as a hostile browser may send them. */
  attestation?: { fmt: string; attStmt: Map<string, unknown> }
}

/** A passkey in software: what a phone does, with knobs to get it wrong. */
export interface Authenticator {
  readonly credentialId: string
  create(asked: PasskeyChallenge, origin: string, twist?: Twist): PasskeyAnswer
  get(asked: PasskeyChallenge, origin: string, twist?: Twist): PasskeyAnswer
}

interface Options {
  challenge: string
  rpId?: string
  rp?: { id: string }
  user?: { id: string }
}

const PRESENT = 0x01
const VERIFIED = 0x04
const BACKED_UP = 0x18
const WITH_KEY = 0x40
const ES256 = -7

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()
const base64Url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url')

function coseKey(publicKey: KeyObject): Uint8Array {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const parts = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, ES256],
    [-1, 1],
    [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
    [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
  ])
  return isoCBOR.encode(parts)
}

function clientData(type: string, { challenge }: Options, origin: string, twist: Twist): string {
  const said = { type: twist.type ?? type, challenge: twist.challenge ?? challenge, origin: twist.origin ?? origin }
  return JSON.stringify({ ...said, crossOrigin: twist.crossOrigin ?? false })
}

export function createAuthenticator(): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(20)
  let counter = 0
  let userHandle: string | null = null

  function authenticatorData(rpId: string, flags: number, twist: Twist): Buffer {
    const verified = twist.verified === false ? 0 : VERIFIED
    const count = Buffer.alloc(4)
    count.writeUInt32BE(twist.counter ?? (counter += 1))
    return Buffer.concat([sha256(twist.rpId ?? rpId), Buffer.from([PRESENT | verified | BACKED_UP | flags]), count])
  }

  return {
    credentialId: base64Url(credentialId),
    create({ challengeId, options }, origin, twist = {}) {
      const asked = options as unknown as Options
      userHandle = asked.user?.id ?? null
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const data = authenticatorData(asked.rp?.id ?? '', WITH_KEY, twist)
      const authData = Buffer.concat([data, Buffer.alloc(16), length, credentialId, coseKey(publicKey)])
      const { fmt, attStmt } = twist.attestation ?? { fmt: 'none', attStmt: new Map<string, unknown>() }
      const attestation = new Map<string, unknown>([
        ['fmt', fmt],
        ['attStmt', attStmt],
        ['authData', new Uint8Array(authData)],
      ])
      const id = base64Url(credentialId)
      const response = {
        clientDataJSON: base64Url(clientData('webauthn.create', asked, origin, twist)),
        attestationObject: base64Url(isoCBOR.encode(attestation as never)),
        transports: ['internal'],
      }
      return { challengeId, answer: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} } }
    },
    get({ challengeId, options }, origin, twist = {}) {
      const asked = options as unknown as Options
      const data = authenticatorData(asked.rpId ?? '', 0, twist)
      const said = clientData('webauthn.get', asked, origin, twist)
      const signature = createSign('sha256').update(data).update(sha256(said)).sign(privateKey)
      const id = twist.credentialId ?? base64Url(credentialId)
      const handle = twist.userHandle === undefined ? userHandle : twist.userHandle
      const response = {
        clientDataJSON: base64Url(said),
        authenticatorData: base64Url(data),
        signature: twist.signature ?? base64Url(signature),
        ...(handle === null ? {} : { userHandle: handle }),
      }
      return { challengeId, answer: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} } }
    },
  }
}
