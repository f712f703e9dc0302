import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'

/** X25519, each 32 bytes in base64: what `wg` calls a key. */
export interface WireguardKeys {
  privateKey: string
  publicKey: string
}

/** RFC 8410: what stands before the 32 bytes of an X25519 private key. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex')
const KEY_BYTES = 32

const lastBytes = (der: Buffer): string => der.subarray(-KEY_BYTES).toString('base64')
const publicOf = (key: KeyObject): string => lastBytes(createPublicKey(key).export({ format: 'der', type: 'spki' }))

export function newKeys(): WireguardKeys {
  const { privateKey } = generateKeyPairSync('x25519')
  return {
    privateKey: lastBytes(privateKey.export({ format: 'der', type: 'pkcs8' })),
    publicKey: publicOf(privateKey),
  }
}

export function publicKeyOf(privateKey: string): string {
  const key = Buffer.concat([PKCS8_HEAD, Buffer.from(privateKey, 'base64')])
  return publicOf(createPrivateKey({ key, format: 'der', type: 'pkcs8' }))
}

/** A secret of box and phone beside their keys: what is recorded today stays shut to a quantum computer of tomorrow. */
export const newPresharedKey = (): string => randomBytes(KEY_BYTES).toString('base64')
