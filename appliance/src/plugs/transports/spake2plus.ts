import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'

/**
 * SPAKE2+ of RFC 9383, suite P256-SHA256-HKDF-SHA256-HMAC-SHA256: both sides prove that they know the same password
 * without showing it, also to an impostor. Pure; the curve's arithmetic is @noble/curves'.
 */
const { Point } = p256
type CurvePoint = InstanceType<typeof Point>

const M = Point.fromHex('02886e2f97ace46e55ba9dd7242579f2993b64e16ef3dcab95afd497333d8fa12f')
const N = Point.fromHex('03d8bbd6c639c62937b04d997f38c3770719c629d7014d49a24b4f98baa1292b49')
export const ORDER = Point.Fn.ORDER
const NO_SALT = Buffer.alloc(32)

export interface Spake2PlusInput {
  /** What both sides agree on besides the password. */
  context: Uint8Array
  idProver: string
  idVerifier: string
  w0: bigint
  w1: bigint
  /** Fresh and random, 1 … ORDER − 1. */
  x: bigint
  /** The other side's share, SEC1, compressed or not. */
  peerShare: Uint8Array
  /** How w0 goes into the transcript. */
  encodeW0(w0: bigint): Uint8Array
}

export interface Spake2PlusResult {
  /** Uncompressed, 65 bytes. */
  share: Buffer
  /** What we show. */
  confirm: Buffer
  /** What the other side must show. */
  peerConfirm: Buffer
  sharedKey: Buffer
}

/** The prover's side (ours). null when the other side's share is no point of the curve, or one that gives nothing. */
export function spake2PlusProver(input: Spake2PlusInput): Spake2PlusResult | null {
  const { w0, w1, x, peerShare } = input
  const peer = pointOf(peerShare)
  if (!peer) return null
  const ours = Point.BASE.multiply(x).add(M.multiply(w0))
  const base = peer.subtract(N.multiply(w0))
  if (base.is0() || ours.is0()) return null
  return finish(input, ours, peer, base.multiply(x), base.multiply(w1))
}

function finish(
  input: Spake2PlusInput,
  prover: CurvePoint,
  verifier: CurvePoint,
  z: CurvePoint,
  v: CurvePoint,
): Spake2PlusResult {
  const { context, idProver, idVerifier, w0, encodeW0 } = input
  const [share, peerShare] = [bytesOf(prover), bytesOf(verifier)]
  const parts = [context, Buffer.from(idProver), Buffer.from(idVerifier), bytesOf(M), bytesOf(N), share, peerShare]
  const transcript = createHash('sha256')
  for (const part of [...parts, bytesOf(z), bytesOf(v), encodeW0(w0)]) transcript.update(lengthOf(part)).update(part)
  const main = transcript.digest()
  const confirmation = hkdf(main, NO_SALT, 'ConfirmationKeys', 64)
  const hmac = (key: Uint8Array, value: Uint8Array): Buffer => createHmac('sha256', key).update(value).digest()
  return {
    share,
    confirm: hmac(confirmation.subarray(0, 32), peerShare),
    peerConfirm: hmac(confirmation.subarray(32), share),
    sharedKey: hkdf(main, NO_SALT, 'SharedKey', 32),
  }
}

export function hkdf(key: Uint8Array, salt: Uint8Array | string, info: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, bytes))
}

function pointOf(bytes: Uint8Array): CurvePoint | null {
  try {
    const point = Point.fromBytes(Uint8Array.from(bytes))
    point.assertValidity()
    return point
  } catch {
    return null
  }
}

function bytesOf(point: CurvePoint): Buffer {
  return Buffer.from(point.toBytes(false))
}

/** 8 bytes, little-endian. */
function lengthOf(part: Uint8Array): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(part.length)
  return bytes
}
