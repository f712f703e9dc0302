import { constants, createCipheriv, createDecipheriv, createHash, publicEncrypt, randomBytes } from 'node:crypto'
import { answerDevice, isForbidden } from './answers.ts'
import type { EmulatorState, HttpReply, Protocol } from './types.ts'

interface AesSession {
  key: Buffer
  iv: Buffer
  token: string | null
}

interface Question {
  method: string
  params: Record<string, string>
}

const json = (value: object, headers?: Record<string, string>): HttpReply => ({
  status: 200,
  ...(headers && { headers }),
  body: Buffer.from(JSON.stringify(value)),
})

/** The device's side of the older passthrough: RSA handshake, then everything inside AES with one key. */
export function createAesServer(state: EmulatorState): Protocol {
  const sessions = new Map<string, AesSession>()

  function handshake({ params }: Question): HttpReply {
    const [key, iv, id] = [randomBytes(16), randomBytes(16), randomBytes(8).toString('hex')]
    sessions.set(id, { key, iv, token: null })
    const padded = { key: params['key'] ?? '', padding: constants.RSA_PKCS1_PADDING }
    const sealed = publicEncrypt(padded, Buffer.concat([key, iv])).toString('base64')
    return json({ error_code: 0, result: { key: sealed } }, { 'Set-Cookie': `TP_SESSIONID=${id};TIMEOUT=1440` })
  }

  function passthrough(session: AesSession, { params }: Question, token: string | null): HttpReply {
    const cipherOf = { key: session.key, iv: session.iv }
    const text = open(cipherOf, params['request'] ?? '')
    const inner = JSON.parse(text) as Question
    if (inner.method === 'login_device') return wrap(cipherOf, login(session, inner.params))
    if (session.token === null || token !== session.token || isForbidden(state)) {
      sessions.clear()
      return json({ error_code: 9999 })
    }
    return wrap(cipherOf, answerDevice(state, text))
  }

  function login(session: AesSession, params: Record<string, string>): string {
    const { user, password } = state.login
    const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex')
    const base64 = (text: string): string => Buffer.from(text).toString('base64')
    const isPassword =
      state.encryption === 'aes2'
        ? params['password2'] === base64(sha1(password))
        : params['password'] === base64(password)
    if (params['username'] !== base64(sha1(user)) || !isPassword) {
      state.counts.failedLogins += 1
      return JSON.stringify({ error_code: -1501 })
    }
    state.counts.signIns += 1
    session.token = randomBytes(16).toString('hex')
    return JSON.stringify({ error_code: 0, result: { token: session.token } })
  }

  return {
    answer(path, body, cookie) {
      const { pathname, searchParams } = new URL(path, 'http://device')
      if (pathname !== '/app' || !state.encryption.startsWith('aes')) {
        // Newer firmware answers the old handshake so.
        return Promise.resolve(pathname === '/app' ? json({ error_code: 1003 }) : null)
      }
      const question = JSON.parse(body.toString('utf8')) as Question
      if (question.method === 'handshake') return Promise.resolve(handshake(question))
      const session = sessions.get(cookie ?? '')
      if (!session) return Promise.resolve(json({ error_code: 9999 }))
      return Promise.resolve(passthrough(session, question, searchParams.get('token')))
    },
    forgetSessions: () => sessions.clear(),
  }
}

type CipherOf = Pick<AesSession, 'key' | 'iv'>

function wrap(cipherOf: CipherOf, text: string): HttpReply {
  const cipher = createCipheriv('aes-128-cbc', cipherOf.key, cipherOf.iv)
  const response = Buffer.concat([cipher.update(text), cipher.final()]).toString('base64')
  return json({ error_code: 0, result: { response } })
}

function open(cipherOf: CipherOf, sealed: string): string {
  const decipher = createDecipheriv('aes-128-cbc', cipherOf.key, cipherOf.iv)
  return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64')), decipher.final()]).toString('utf8')
}
