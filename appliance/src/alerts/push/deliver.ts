import { readFileSync } from 'node:fs'
import { Agent, type AgentOptions } from 'node:https'
import { createSecureContext, getCACertificates } from 'node:tls'
import webPush from 'web-push'
import { isInternetAddress } from '../../core/addresses.ts'
import type { Clock } from '../../core/clock.ts'
import type { SecretBox } from '../../core/crypto.ts'
import { LaresError } from '../../core/errors.ts'
import { guardedLookup, mayConnectTo } from '../../core/guarded-lookup.ts'
import { webCall } from '../../core/web-call.ts'
import type { PushKeys } from './push-endpoint.ts'
import type { SendOutcome } from '../outbox/outcome.ts'
import { outcomeOfError, outcomeOfReply } from './push-outcome.ts'
import type { StoredTarget } from './target-store.ts'
import type { Vapid } from './vapid.ts'

export interface PushOptions {
  urgency: string
  topic: string
  ttlS: number
  signal: AbortSignal
}

/** Encrypts for one browser and posts to its push service. Never rejects: what went wrong is the outcome. */
export interface Deliverer {
  deliver(target: StoredTarget, payload: string, options: PushOptions): Promise<SendOutcome>
  /** Scheme and host of its push service. */
  originOf(target: StoredTarget): string
  /** Throws `invalid` when the file of the further root cannot be read. */
  open(): void
  close(): void
}

export interface DelivererDeps {
  secretBox: SecretBox
  clock: Clock
  vapid: Vapid
  /** File of a further root for push services; with it they may also stand in the home. */
  pushCa: string | undefined
}

const TIMEOUT_MS = 10_000
const IDLE_SOCKET_MS = 60_000

/** Kept-alive connections to push services; names that lead into the home are not followed unless `pushCa` is given. */
function createPushAgent(pushCa: string | undefined): Agent {
  const kept = { keepAlive: true, maxSockets: 16, timeout: IDLE_SOCKET_MS }
  if (pushCa === undefined) return new Agent({ ...kept, lookup: guardedLookup(isInternetAddress) })
  // One context for all connections: given as `ca`, a hundred roots would be parsed anew for each of them.
  const secureContext = createSecureContext({ ca: [...getCACertificates('default'), readRoot(pushCa)] })
  return new Agent({ ...kept, secureContext } as AgentOptions)
}

function readRoot(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new LaresError('invalid', `LARES_PUSH_CA (--push-ca): the file ${path} cannot be read.`, { cause })
  }
}

export const endpointContext = (id: string): string => `push:${id}`
export const keysContext = (id: string): string => `push-keys:${id}`

export function createDeliverer({ secretBox, clock, vapid, pushCa }: DelivererDeps): Deliverer {
  let agent: Agent | null = null
  const opened = new WeakMap<StoredTarget, string>()

  function endpointOf(target: StoredTarget): string {
    const endpoint = opened.get(target) ?? secretBox.open(target.endpoint, endpointContext(target.id))
    opened.set(target, endpoint)
    return endpoint
  }

  const open = (): Agent => (agent ??= createPushAgent(pushCa))

  async function post(target: StoredTarget, payload: string, options: PushOptions): Promise<SendOutcome> {
    const endpoint = endpointOf(target)
    const { origin, hostname } = new URL(endpoint)
    if (pushCa === undefined && !mayConnectTo(hostname, isInternetAddress)) {
      throw new LaresError('forbidden', 'A push address in the home.', { code: 'ADDRESS_REFUSED' })
    }
    const keys = JSON.parse(secretBox.open(target.keys, keysContext(target.id))) as PushKeys
    const { cipherText } = webPush.encrypt(keys.p256dh, keys.auth, payload, 'aes128gcm')
    const headers = {
      ttl: String(options.ttlS),
      urgency: options.urgency,
      topic: options.topic,
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      authorization: vapid.authorization(origin),
    }
    const reply = await webCall({
      method: 'POST',
      url: endpoint,
      headers,
      body: cipherText,
      agent: open(),
      clock,
      timeoutMs: TIMEOUT_MS,
      signal: options.signal,
    })
    return outcomeOfReply(reply, clock.now())
  }

  return {
    originOf: (target) => new URL(endpointOf(target)).origin,
    open: () => void open(),
    close() {
      agent?.destroy()
      agent = null
    },
    async deliver(target, payload, options) {
      try {
        return await post(target, payload, options)
      } catch (error) {
        return outcomeOfError(error)
      }
    },
  }
}
