import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { accountCandidates, whyNoneFits, type Candidate } from './accounts.ts'
import { failure } from './failures.ts'
import { createHttpConnection, type HttpConnection } from './http-connection.ts'
import { SessionTransport, type Session } from './session-transport.ts'
import {
  passwordNumbers,
  randomScalar,
  tpapKeys,
  tpapOpen,
  tpapProver,
  tpapSeal,
  type TpapKeys,
} from './tpap-crypto.ts'
import { announcementSchema, readShadow, secretOf, type Announcement } from './tpap-secret.ts'
import type { AskOptions, Scheme, Transport, TransportDeps } from './types.ts'

const HANDSHAKE_TIMEOUT_MS = 5_000
const TIMEOUT_MS = 3_000
const LIFE_MS = (86_400 - 1_200) * 1000
/** More would be a way to keep this box busy. */
const MAX_ITERATIONS = 20_000
const RANDOM_BYTES = 32
const P256_SHA256_HKDF_HMAC = 1
const CIPHER = 'aes_128_ccm'
/** An account's password. 0 stands for one that was never set, 3 for a shared token, 1 for cameras. */
const ACCOUNT_PAKES: readonly number[] = [2, 5]

interface TpapSession extends Session {
  keys: TpapKeys
  path: string
  sequence: number
  /** Questions may go to another port than the login. */
  http: HttpConnection
}

const base64 = z.string().max(4_096)
const registeredSchema = z.looseObject({
  dev_random: base64,
  dev_salt: base64,
  dev_share: base64,
  iterations: z.int().min(1).max(MAX_ITERATIONS),
  cipher_suites: z.union([z.number(), z.array(z.number()).transform(([first]) => first)]).optional(),
  encryption: z.union([z.string(), z.array(z.string()).transform(([first]) => first)]).optional(),
  extra_crypt: z.unknown().optional(),
})
const sharedSchema = z.looseObject({
  dev_confirm: base64,
  stok: z.string().max(512).optional(),
  sessionId: z.string().max(512).optional(),
  start_seq: z.int().min(0).max(0xffffffff),
})

/** TPAP over plain HTTP, the password variant: what firmware of 2025 and later prefers. */
export function createTpapTransport(scheme: Scheme, deps: TransportDeps): Transport {
  const { clock, logins } = deps
  const door = createHttpConnection({ ...deps, port: scheme.port })
  const others = new Map<number, HttpConnection>()
  const at = (port: number): HttpConnection => {
    if (port === scheme.port) return door
    const other = others.get(port) ?? createHttpConnection({ ...deps, port })
    others.set(port, other)
    return other
  }
  const closeAll = (): void => {
    for (const http of [door, ...others.values()]) http.close()
  }

  async function signIn(): Promise<TpapSession> {
    // Before anything is said of accounts it must be a device that takes them this way.
    const announced = await discover(door)
    const why = whyNoneFits(deps)
    if (why.code !== 'LOGIN_REFUSED') throw why
    logins.check()
    for (const candidate of accountCandidates(deps)) {
      const session = await pake(door, announced, candidate)
      if (session) {
        logins.succeeded()
        const { port } = announced.tpap
        const life = { signedInAs: candidate.id, klapVersion: null, endsAt: clock.monotonic() + LIFE_MS }
        // Not both at once: a device has few connections to give.
        if (port !== undefined && port !== scheme.port) door.close()
        return { ...session, ...life, http: at(port ?? scheme.port) }
      }
      logins.failed()
    }
    throw failure.loginRefused()
  }

  async function exchange(session: TpapSession, payload: string, { once }: AskOptions): Promise<string> {
    const { keys, path, http, sequence } = session
    session.sequence = (sequence + 1) >>> 0
    const headers = { 'Content-Type': 'application/octet-stream' }
    const body = tpapSeal(keys, sequence, payload)
    const answer = await http.post({ path, body, headers, timeoutMs: TIMEOUT_MS, ...(once && { fresh: true }) })
    if (answer.status === 403 || answer.status === 401) throw failure.sessionLost()
    if (answer.status !== 200) throw failure.sessionBroken(`status ${answer.status}`)
    const text = tpapOpen(keys, sequence, answer.body)
    if (text !== null) return text
    // In the clear it only ever tells that the session is over.
    if (answer.body[0] === '{'.charCodeAt(0)) throw failure.sessionLost()
    throw failure.sessionBroken('it is not for this question')
  }

  return new SessionTransport(scheme, deps, { signIn, exchange, close: closeAll })
}

async function discover(http: HttpConnection): Promise<Announcement> {
  const announced = announcementSchema.safeParse((await login(http, { sub_method: 'discover' })).result)
  if (!announced.success) throw failure.badReply('its announcement cannot be read')
  const { tls, pake } = announced.data.tpap
  if (tls !== undefined && tls !== 0) throw failure.schemeUnknown('an encrypted connection besides')
  if (!pake.some((each) => ACCOUNT_PAKES.includes(each))) {
    if (pake.includes(0)) throw failure.notSetUp()
    throw failure.schemeUnknown(`another kind of login (${pake.join(', ')})`)
  }
  return announced.data
}

type Opened = Pick<TpapSession, 'keys' | 'path' | 'sequence'>

/** null when the device says that the password is another one. */
async function pake(http: HttpConnection, announced: Announcement, candidate: Candidate): Promise<Opened | null> {
  const userRandom = randomBytes(RANDOM_BYTES)
  const registered = await register(http, announced, userRandom)
  const secret = secretOf(readShadow(registered.extra_crypt), candidate, announced.mac)
  const numbers = await passwordNumbers(secret, bytes(registered.dev_salt), registered.iterations)
  const deviceRandom = bytes(registered.dev_random)
  const deviceShare = bytes(registered.dev_share)
  const proof = tpapProver({ ...numbers, userRandom, deviceRandom, deviceShare, x: randomScalar() })
  if (!proof) throw failure.badReply('its share is no point of the curve')
  const wantsNonce = announced.tpap.dac === true || announced.tpap.dac === 1
  const reply = await login(http, {
    sub_method: 'pake_share',
    user_share: proof.share.toString('base64'),
    user_confirm: proof.confirm.toString('base64'),
    ...(wantsNonce && { dac_nonce: randomBytes(RANDOM_BYTES).toString('base64') }),
  })
  if (reply.error_code !== 0) return null
  const shared = sharedSchema.safeParse(reply.result)
  if (!shared.success) throw failure.badReply('its half of the login cannot be read')
  const confirm = bytes(shared.data.dev_confirm)
  // It must know the password as well: an impostor does not.
  if (confirm.length !== proof.peerConfirm.length || !timingSafeEqual(confirm, proof.peerConfirm)) return null
  const token = shared.data.stok ?? shared.data.sessionId ?? ''
  if (!/^[\w-]{1,512}$/.test(token)) throw failure.badReply('its session has no name')
  return { keys: tpapKeys(proof.sharedKey), path: `/stok=${token}/ds`, sequence: shared.data.start_seq }
}

async function register(
  http: HttpConnection,
  announced: Announcement,
  userRandom: Buffer,
): Promise<z.infer<typeof registeredSchema>> {
  const reply = await login(http, {
    sub_method: 'pake_register',
    username: adminName(announced.tpap.user_hash_type),
    user_random: userRandom.toString('base64'),
    cipher_suites: [P256_SHA256_HKDF_HMAC],
    encryption: [CIPHER],
    passcode_type: 'userpw',
    stok: null,
  })
  if (reply.error_code !== 0) throw failure.badReply(`error ${reply.error_code} to the beginning of a login`)
  const registered = registeredSchema.safeParse(reply.result)
  if (!registered.success) throw failure.badReply('its beginning of a login cannot be read')
  const { cipher_suites: suite = P256_SHA256_HKDF_HMAC, encryption = CIPHER } = registered.data
  if (suite !== P256_SHA256_HKDF_HMAC) throw failure.schemeUnknown(`another arithmetic (${suite})`)
  if (encryption !== CIPHER) throw failure.schemeUnknown('another cipher')
  return registered.data
}

function adminName(hashType: number | undefined): string {
  return hashType === 1
    ? createHash('sha256').update('admin').digest('hex').toUpperCase()
    : createHash('md5').update('admin').digest('hex')
}

const replySchema = z.looseObject({ error_code: z.number(), result: z.unknown().optional() })

async function login(http: HttpConnection, params: object): Promise<z.infer<typeof replySchema>> {
  const body = Buffer.from(JSON.stringify({ method: 'login', params }))
  const headers = { 'Content-Type': 'application/json' }
  const answer = await http.post({ path: '/', body, headers, timeoutMs: HANDSHAKE_TIMEOUT_MS })
  if (answer.status === 403) throw failure.localAccessOff()
  if (answer.status === 404 || answer.status === 405) throw failure.schemeGone('no TPAP there')
  try {
    if (answer.status === 200) return replySchema.parse(JSON.parse(answer.body.toString('utf8')))
  } catch {
    // Falls through: what is no JSON reply is told the same way.
  }
  throw failure.badReply(`status ${answer.status} to a login`)
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'base64')
}
