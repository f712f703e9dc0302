import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'

/** The other side of RFC 9383, written for itself: it shares no code with the appliance's prover but the curve. */
const { Point } = p256
const M = Point.fromHex('02886e2f97ace46e55ba9dd7242579f2993b64e16ef3dcab95afd497333d8fa12f')
const N = Point.fromHex('03d8bbd6c639c62937b04d997f38c3770719c629d7014d49a24b4f98baa1292b49')

export interface VerifierInput {
  w0: bigint
  w1: bigint
  y: bigint
  /** null: only the share is wanted. */
  transcript: {
    context: Buffer
    idProver: string
    idVerifier: string
    peerShare: Buffer
    w0Bytes: (w0: bigint) => Buffer
  } | null
}

export interface VerifierResult {
  share: Buffer
  confirm: Buffer
  peerConfirm: Buffer
  sharedKey: Buffer
}

export function spake2PlusVerifier({ w0, w1, y, transcript }: VerifierInput): VerifierResult {
  const own = Point.BASE.multiply(y).add(N.multiply(w0))
  const bytes = (point: typeof own): Buffer => Buffer.from(point.toBytes(false))
  const share = bytes(own)
  const none = Buffer.alloc(32)
  if (!transcript) return { share, confirm: none, peerConfirm: none, sharedKey: none }
  const peer = Point.fromBytes(Uint8Array.from(transcript.peerShare))
  const z = peer.subtract(M.multiply(w0)).multiply(y)
  const v = Point.BASE.multiply(w1).multiply(y)
  const hash = createHash('sha256')
  const { context, idProver, idVerifier, w0Bytes } = transcript
  for (const part of [
    context,
    Buffer.from(idProver),
    Buffer.from(idVerifier),
    bytes(M),
    bytes(N),
    bytes(peer),
    share,
    bytes(z),
    bytes(v),
    w0Bytes(w0),
  ]) {
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(part.length))
    hash.update(length).update(part)
  }
  const main = hash.digest()
  const keys = Buffer.from(hkdfSync('sha256', main, none, 'ConfirmationKeys', 64))
  return {
    share,
    confirm: createHmac('sha256', keys.subarray(32)).update(bytes(peer)).digest(),
    peerConfirm: createHmac('sha256', keys.subarray(0, 32)).update(share).digest(),
    sharedKey: Buffer.from(hkdfSync('sha256', main, none, 'SharedKey', 32)),
  }
}

export function tpapTranscript(userRandom: Buffer, deviceRandom: Buffer) {
  const context = createHash('sha256').update('PAKE V1').update(userRandom).update(deviceRandom).digest()
  const w0Bytes = (w0: bigint): Buffer => {
    let hex = w0.toString(16)
    if (hex.length % 2 === 1) hex = `0${hex}`
    const bytes = Buffer.from(hex, 'hex')
    return bytes.length % 2 === 1 && (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes
  }
  return { context, idProver: '', idVerifier: '', w0Bytes }
}
