import { LaresError, messageOf, systemCodeOf, type ErrorKind } from '../core/errors.ts'
import { isRefusal } from './languages/kasa-library.ts'
import type { FailureClass } from './transports/types.ts'

/** What went wrong with a plug, in words for the person who stands in front of it. */
export interface PlugProblem {
  kind: ErrorKind
  code: string
  words: string
  failure: FailureClass
  /** False when asking again at once cannot help. */
  worthRetrying: boolean
}

const FIREWALL =
  'If it is on another network, let TCP 80 and 9999 and UDP 9999, 20002 and 20004 pass between it and this box.'

interface Meaning {
  failure: FailureClass
  words(host: string): string
  worthRetrying?: true
}

const meaning = (failure: FailureClass, words: (host: string) => string): Meaning => ({ failure, words })
const passing = (failure: FailureClass, words: (host: string) => string): Meaning => ({
  failure,
  words,
  worthRetrying: true,
})

const nobodyThere = (host: string): string =>
  `Nothing answers at ${host}: the plug is unplugged, out of Wi-Fi reach or has a new address. ${FIREWALL}`
const closed = meaning(
  'refused',
  (host) => `${host} is there but does not listen on port 9999 or 80: it is no plug, or it is still starting.`,
)
const silent = passing('unreachable', (host) => `${host} takes the call but says nothing. Unplug it for ten seconds.`)
const cutShort = passing('bad-answer', (host) => `${host} hung up in the middle of its answer.`)
const notKasa = passing('bad-answer', (host) => `${host} answers, but not like a Kasa plug or a Tapo plug.`)
const nameUnknown = meaning('unreachable', (host) => `The name ${host} is not known on this network.`)
const cannot = meaning('device-error', (host) => `The plug at ${host} cannot do that.`)
const foreign = meaning('unsupported', (host) => `The plug at ${host} speaks a way that Lares does not know.`)

/** By the code of the socket, of `transports/failures.ts` or of the languages: what it means and what to say. */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  CONNECT_TIMEOUT: passing('unreachable', nobodyThere),
  ETIMEDOUT: passing('unreachable', nobodyThere),
  EHOSTUNREACH: meaning('unreachable', nobodyThere),
  ENETUNREACH: meaning('unreachable', nobodyThere),
  EHOSTDOWN: meaning('unreachable', nobodyThere),
  ECONNREFUSED: closed,
  REPLY_TIMEOUT: silent,
  ECONNRESET: cutShort,
  EPIPE: cutShort,
  SHORT_REPLY: cutShort,
  BAD_REPLY: notKasa,
  TOO_LARGE: notKasa,
  SESSION_LOST: notKasa,
  SESSION_BROKEN: notKasa,
  ENOTFOUND: nameUnknown,
  EAI_AGAIN: nameUnknown,
  PLUG_REFUSED: meaning('device-error', (host) => `The plug at ${host} refused.`),
  NOT_SUPPORTED: cannot,
  NOT_A_PLUG: meaning('unsupported', () => 'It answers, but it is no plug that Lares knows.'),
  SCHEME_GONE: foreign,
  SCHEME_UNKNOWN: foreign,
  NOT_SET_UP: meaning(
    'unsupported',
    (host) => `The plug at ${host} was never set up. Add it in the Kasa or Tapo app first.`,
  ),
  LOCAL_ACCESS_OFF: meaning(
    'refused',
    (host) =>
      `The plug at ${host} refuses local control. Switch on Third-Party Compatibility in the Kasa or Tapo app, or off and on again if it is on.`,
  ),
  LOGIN_REFUSED: meaning(
    'auth-failed',
    (host) =>
      `The plug at ${host} does not take the password. It keeps the one it was set up with: if that was changed since, remove the plug in the TP-Link app and add it again.`,
  ),
  LOGIN_PAUSED: meaning('busy', (host) => `Waiting a little before the plug at ${host} is shown a password again.`),
  OTHER_ACCOUNT: meaning('wrong-account', (host) => `The plug at ${host} belongs to another TP-Link account.`),
  NEEDS_ACCOUNT: meaning(
    'needs-account',
    (host) => `The plug at ${host} wants the TP-Link account that it was set up with.`,
  ),
  SESSION_TAKEN: meaning('busy', (host) => `Another program keeps signing in to the plug at ${host}.`),
  WAKING: meaning(
    'refused',
    (host) => `The plug at ${host} is waking up after a power cut. It is called until it answers.`,
  ),
  STOPPED: meaning('stopped', () => 'Stopped while waiting for the plug.'),
  ADDRESS_REFUSED: meaning('unsupported', (host) => `${host} is not an address of a home network.`),
}

export function explain(error: unknown, host: string): PlugProblem {
  const code = isRefusal(error) ? 'PLUG_REFUSED' : readable(systemCodeOf(error) ?? 'UNAVAILABLE')
  const known = BY_CODE[code]
  if (known) {
    const { failure, words, worthRetrying = false } = known
    return { kind: kindOf(error), code, words: words(host), failure, worthRetrying }
  }
  // What our own checks of its answer say (another device at this address) is no reason to speak another way.
  const other = {
    code,
    failure: error instanceof LaresError ? 'device-error' : 'bad-answer',
    worthRetrying: false,
  } as const
  if (error instanceof LaresError) return { ...other, kind: error.kind, words: error.message }
  return { ...other, kind: 'unavailable', words: `The plug at ${host} cannot be asked: ${messageOf(error)}.` }
}

export function asLaresError(error: unknown, host: string): LaresError {
  const { kind, code, words } = explain(error, host)
  const retryAfterS = error instanceof LaresError ? error.retryAfterS : undefined
  return new LaresError(kind, words, { code, cause: error, ...(retryAfterS !== undefined && { retryAfterS }) })
}

export function failureClassOf(error: unknown): FailureClass {
  return explain(error, '').failure
}

/** Node's HTTP parser has a code for each way not to be HTTP. */
function readable(code: string): string {
  return code.startsWith('HPE_') ? 'BAD_REPLY' : code
}

/** What a device does is `unavailable`, whatever we call it inside; what it cannot, and where we do not go, keep their kind. */
function kindOf(error: unknown): ErrorKind {
  const kept: readonly ErrorKind[] = ['unsupported', 'forbidden', 'conflict']
  return error instanceof LaresError && kept.includes(error.kind) ? error.kind : 'unavailable'
}
