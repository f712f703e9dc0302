import { randomBytes } from 'node:crypto'
import {
  klapAuth,
  klapClientHash,
  klapKeys,
  klapOpen,
  klapSeal,
  klapServerHash,
  type KlapKeys,
} from '../../../appliance/src/plugs/transports/klap-crypto.ts'
import { answerDevice, isForbidden } from './answers.ts'
import type { EmulatorState, HttpReply, Protocol } from './types.ts'

const FORBIDDEN: HttpReply = { status: 403, body: Buffer.alloc(0) }
const DONE: HttpReply = { status: 200, body: Buffer.alloc(0) }

interface Begun {
  local: Buffer
  remote: Buffer
  auth: Buffer
  keys: KlapKeys | null
  questions: number
}

/** The device's side of KLAP. One session at a time, as in the field: who signs in ends the other's. */
export function createKlapServer(state: EmulatorState): Protocol {
  let sessions = new Map<string, Begun>()
  const version = (): 1 | 2 => (state.encryption === 'klap1' ? 1 : 2)

  function begin(body: Buffer): HttpReply {
    if (state.localAccessOff) return FORBIDDEN
    if (body.length !== 16) return { status: 400, body: Buffer.alloc(0) }
    const [local, remote] = [Buffer.from(body), randomBytes(16)]
    const auth = klapAuth(version(), state.login.user, state.login.password)
    const id = randomBytes(16).toString('hex').toUpperCase()
    sessions.set(id, { local, remote, auth, keys: null, questions: 0 })
    const headers = { 'Set-Cookie': `TP_SESSIONID=${id};TIMEOUT=86400` }
    return { status: 200, headers, body: Buffer.concat([remote, klapServerHash(version(), local, remote, auth)]) }
  }

  function prove(session: Begun, id: string, body: Buffer): HttpReply {
    const { local, remote, auth } = session
    if (!body.equals(klapClientHash(version(), local, remote, auth))) {
      state.counts.failedLogins += 1
      return FORBIDDEN
    }
    state.counts.signIns += 1
    session.keys = klapKeys(local, remote, auth)
    sessions = new Map([[id, session]])
    return DONE
  }

  function ask(session: Begun, sequence: number, body: Buffer): HttpReply {
    const { keys } = session
    if (!keys || isForbidden(state)) {
      sessions.clear()
      return FORBIDDEN
    }
    session.questions += 1
    if (state.oneQuestionPerSession && session.questions > 1) return { status: 200, body: randomBytes(80) }
    const text = klapOpen(keys, sequence, body)
    if (text === null) return { status: 400, body: Buffer.alloc(0) }
    const answer = answerDevice(state, text)
    const wrongSequence = klapSeal(keys, (sequence - 1) | 0, answer)
    return { status: 200, body: klapSeal(keys, sequence, answer), wrongSequence }
  }

  return {
    answer(path, body, cookie) {
      const { pathname, searchParams } = new URL(path, 'http://device')
      if (!state.encryption.startsWith('klap'))
        return Promise.resolve(pathname.startsWith('/app/handshake') && state.encryption === 'tpap' ? FORBIDDEN : null)
      const session = sessions.get(cookie ?? '')
      if (pathname === '/app/handshake1') return Promise.resolve(begin(body))
      if (pathname === '/app/handshake2')
        return Promise.resolve(session ? prove(session, cookie ?? '', body) : FORBIDDEN)
      if (pathname !== '/app/request') return Promise.resolve(null)
      return Promise.resolve(session ? ask(session, Number(searchParams.get('seq')), body) : FORBIDDEN)
    },
    forgetSessions: () => sessions.clear(),
  }
}
