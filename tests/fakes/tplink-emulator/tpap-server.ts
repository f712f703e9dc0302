import { createHash, randomBytes } from 'node:crypto'
import {
  passwordNumbers,
  randomScalar,
  tpapKeys,
  tpapOpen,
  tpapSeal,
  type TpapKeys,
} from '../../../appliance/src/plugs/transports/tpap-crypto.ts'
import { answerDevice, isForbidden } from './answers.ts'
import { spake2PlusVerifier, tpapTranscript } from './spake-verifier.ts'
import type { EmulatorState, HttpReply, Protocol } from './types.ts'

interface Registered {
  userRandom: Buffer
  deviceRandom: Buffer
  w0: bigint
  w1: bigint
  y: bigint
}

const ITERATIONS = 200
const json = (value: object): HttpReply => ({ status: 200, body: Buffer.from(JSON.stringify(value)) })

/** The device's side of TPAP: the verifier of SPAKE2+, which knows the password as SHA-1 alone. */
export function createTpapServer(state: EmulatorState): Protocol {
  const sessions = new Map<string, { keys: TpapKeys; sequence: number }>()
  let registered: Registered | null = null

  async function register(params: Record<string, unknown>): Promise<HttpReply> {
    const salt = randomBytes(16)
    const secret = createHash('sha1').update(state.login.password).digest('hex')
    const { w0, w1 } = await passwordNumbers(secret, salt, ITERATIONS)
    const userRandom = Buffer.from(String(params['user_random']), 'base64')
    registered = { userRandom, deviceRandom: randomBytes(32), w0, w1, y: randomScalar() }
    const { share } = spake2PlusVerifier({ ...registered, transcript: null })
    return json({
      error_code: 0,
      result: {
        dev_random: registered.deviceRandom.toString('base64'),
        dev_salt: salt.toString('base64'),
        dev_share: share.toString('base64'),
        cipher_suites: 1,
        iterations: ITERATIONS,
        encryption: 'aes_128_ccm',
        extra_crypt: { type: 'password_shadow', params: { passwd_id: 2 } },
      },
    })
  }

  function share(params: Record<string, unknown>): HttpReply {
    const now = registered
    registered = null
    if (!now) return json({ error_code: -40411 })
    const peerShare = Buffer.from(String(params['user_share']), 'base64')
    const transcript = tpapTranscript(now.userRandom, now.deviceRandom)
    const { confirm, peerConfirm, sharedKey } = spake2PlusVerifier({ ...now, transcript: { ...transcript, peerShare } })
    if (Buffer.from(String(params['user_confirm']), 'base64').compare(peerConfirm) !== 0) {
      state.counts.failedLogins += 1
      return json({ error_code: -1501 })
    }
    state.counts.signIns += 1
    const stok = randomBytes(16).toString('hex')
    sessions.clear()
    sessions.set(stok, { keys: tpapKeys(sharedKey), sequence: 7 })
    return json({ error_code: 0, result: { dev_confirm: confirm.toString('base64'), stok, start_seq: 7 } })
  }

  async function login(body: Buffer): Promise<HttpReply> {
    const { params } = JSON.parse(body.toString('utf8')) as { params: Record<string, unknown> }
    if (params['sub_method'] === 'discover') {
      const mac = state.smart?.mac ?? ''
      return json({ error_code: 0, result: { mac, tpap: { tls: 0, dac: 0, noc: 0, pake: [2], user_hash_type: 0 } } })
    }
    return params['sub_method'] === 'pake_register' ? register(params) : share(params)
  }

  function ask(stok: string, body: Buffer): HttpReply {
    const session = sessions.get(stok)
    if (!session || isForbidden(state)) {
      sessions.clear()
      return json({ error_code: -40401 })
    }
    const { keys, sequence } = session
    const text = tpapOpen(keys, sequence, body)
    if (text === null) return json({ error_code: -40413 })
    session.sequence += 1
    const answer = answerDevice(state, text)
    return { status: 200, body: tpapSeal(keys, sequence, answer), wrongSequence: tpapSeal(keys, sequence - 1, answer) }
  }

  return {
    async answer(path, body) {
      if (state.encryption !== 'tpap') return null
      if (path === '/') return state.localAccessOff ? { status: 403, body: Buffer.alloc(0) } : login(body)
      const match = /^\/stok=([0-9a-f]+)\/ds$/.exec(path)
      return match ? ask(match[1] ?? '', body) : null
    },
    forgetSessions: () => sessions.clear(),
  }
}
