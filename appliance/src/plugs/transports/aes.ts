import { constants, createCipheriv, createDecipheriv, createHash, generateKeyPair, privateDecrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { accountCandidates, whyNoneFits, type Candidate } from './accounts.ts'
import { failure } from './failures.ts'
import { createHttpConnection, type HttpConnection } from './http-connection.ts'
import { SessionTransport, type Session } from './session-transport.ts'
import type { Scheme, Transport, TransportDeps } from './types.ts'

const HANDSHAKE_TIMEOUT_MS = 5_000
const TIMEOUT_MS = 3_000
const LIFE_MS = (86_400 - 1_200) * 1000
const KEY_BYTES = 16
/** In an answer to the wrapper itself. */
const SESSION_OVER: readonly number[] = [9999, 1002, 1112, -40401, -40413]
const WANTS_ANOTHER_SCHEME = 1003
const LOGIN_ERRORS: readonly number[] = [-1501, 1111, 1100, -1005, -40411]

interface AesSession extends Session {
  keys: { key: Buffer; iv: Buffer }
  cookie: string | null
  token: string | null
}

const replySchema = z.looseObject({ error_code: z.number(), result: z.unknown().optional() })
const keySchema = z.looseObject({ key: z.string().max(1_024) })
const responseSchema = z.looseObject({ response: z.string() })
const tokenSchema = z.looseObject({ token: z.string().min(1).max(512) })

const makeKeyPair = promisify(generateKeyPair)
let ourKeys: Promise<{ publicKey: string; privateKey: string }> | null = null

/** Made once a process, and only when a home has such a device: the length is the devices' own. */
function keyPair(): Promise<{ publicKey: string; privateKey: string }> {
  ourKeys ??= makeKeyPair('rsa', {
    modulusLength: 1_024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return ourKeys
}

/**
 * The older Tapo firmware: an RSA-1024 handshake, then every message AES-128-CBC with the same key, and a login inside.
 * Nothing proves who the device is before it is shown the password (or its hash): used only where discovery announced it.
 */
export function createAesTransport(scheme: Scheme, deps: TransportDeps): Transport {
  const { clock, logins } = deps
  const http = createHttpConnection({ ...deps, port: scheme.port })

  async function handshake(): Promise<AesSession> {
    const { publicKey, privateKey } = await keyPair()
    const question = { method: 'handshake', params: { key: publicKey } }
    const { reply, cookie } = await post(http, '/app', question, null, HANDSHAKE_TIMEOUT_MS)
    if (reply.error_code === WANTS_ANOTHER_SCHEME) throw failure.schemeGone('it wants another encryption')
    const result = keySchema.safeParse(reply.result)
    if (reply.error_code !== 0 || !result.success) throw failure.badReply(`error ${reply.error_code} to a handshake`)
    const keys = openKey(privateKey, result.data.key)
    return { keys, cookie, token: null, signedInAs: '', klapVersion: null, endsAt: clock.monotonic() + LIFE_MS }
  }

  async function login(session: AesSession, candidate: Candidate): Promise<boolean> {
    const params = loginParams(candidate, scheme.loginVersion)
    const text = await exchange(session, JSON.stringify({ method: 'login_device', params }))
    const reply = replySchema.safeParse(parse(text))
    if (!reply.success) throw failure.badReply('to a login')
    const token = tokenSchema.safeParse(reply.data.result)
    if (reply.data.error_code === 0 && token.success) {
      Object.assign(session, { token: token.data.token, signedInAs: candidate.id })
      return true
    }
    if (!LOGIN_ERRORS.includes(reply.data.error_code))
      throw failure.badReply(`error ${reply.data.error_code} to a login`)
    return false
  }

  async function signIn(): Promise<AesSession> {
    const session = await handshake()
    // A device of another's account would only be shown ours for nothing.
    const why = whyNoneFits(deps)
    if (why.code !== 'LOGIN_REFUSED') throw why
    logins.check()
    for (const candidate of accountCandidates(deps)) {
      if (await login(session, candidate)) {
        logins.succeeded()
        return session
      }
      logins.failed()
    }
    throw failure.loginRefused()
  }

  async function exchange(session: AesSession, payload: string): Promise<string> {
    const { keys, cookie, token } = session
    const question = { method: 'securePassthrough', params: { request: seal(keys, payload) } }
    const path = token === null ? '/app' : `/app?token=${encodeURIComponent(token)}`
    const { reply } = await post(http, path, question, cookie, TIMEOUT_MS)
    if (SESSION_OVER.includes(reply.error_code)) throw failure.sessionLost()
    if (reply.error_code === WANTS_ANOTHER_SCHEME) throw failure.schemeGone('it wants another encryption')
    const result = responseSchema.safeParse(reply.result)
    if (reply.error_code !== 0 || !result.success) throw failure.sessionBroken(`error ${reply.error_code}`)
    return open(keys, result.data.response)
  }

  return new SessionTransport(scheme, deps, { signIn, exchange, close: () => http.close() })
}

type Reply = z.infer<typeof replySchema>

async function post(
  http: HttpConnection,
  path: string,
  question: object,
  cookie: string | null,
  timeoutMs: number,
): Promise<{ reply: Reply; cookie: string | null }> {
  const headers = {
    'Content-Type': 'application/json',
    requestByApp: 'true',
    ...(cookie !== null && { Cookie: `TP_SESSIONID=${cookie}` }),
  }
  const answer = await http.post({ path, body: Buffer.from(JSON.stringify(question)), headers, timeoutMs })
  if (answer.status === 403) throw cookie === null ? failure.localAccessOff() : failure.sessionLost()
  if (answer.status === 404) throw failure.schemeGone('no passthrough there')
  const reply = replySchema.safeParse(parse(answer.body.toString('utf8')))
  if (answer.status !== 200 || !reply.success) throw failure.badReply(`status ${answer.status}`)
  return { reply: reply.data, cookie: answer.sessionId }
}

function loginParams({ user, password }: Candidate, loginVersion: number): Record<string, string> {
  const sha1Hex = (text: string): string => createHash('sha1').update(text, 'utf8').digest('hex')
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')
  const username = base64(sha1Hex(user))
  return loginVersion >= 2
    ? { username, password2: base64(sha1Hex(password)) }
    : { username, password: base64(password) }
}

function openKey(privateKey: string, sealed: string): AesSession['keys'] {
  try {
    const padded = { key: privateKey, padding: constants.RSA_PKCS1_PADDING }
    const bytes = privateDecrypt(padded, Buffer.from(sealed, 'base64'))
    if (bytes.length === 2 * KEY_BYTES) return { key: bytes.subarray(0, KEY_BYTES), iv: bytes.subarray(KEY_BYTES) }
  } catch {
    // Falls through: a key that cannot be opened and one of the wrong length are the same.
  }
  throw failure.badReply('its key cannot be opened')
}

function seal({ key, iv }: AesSession['keys'], text: string): string {
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
}

function open({ key, iv }: AesSession['keys'], sealed: string): string {
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, iv)
    return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64')), decipher.final()]).toString('utf8')
  } catch {
    throw failure.sessionBroken('it does not fit the key')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
