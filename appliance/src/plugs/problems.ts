import { LaresError, messageOf, systemCodeOf, type ErrorKind } from '../core/errors.ts'
import { isRefusal } from './languages/kasa-library.ts'

/** What went wrong with a plug, in words for the person who stands in front of it. */
export interface PlugProblem {
  kind: ErrorKind
  code: string
  words: string
  /** False when asking again at once cannot help. */
  worthRetrying: boolean
}

const FIREWALL = 'If it is on another network, let TCP and UDP 9999 pass between it and this box.'

type Explain = (host: string) => Omit<PlugProblem, 'code'>

const unavailable = (words: (host: string) => string, worthRetrying: boolean): Explain => {
  return (host) => ({ kind: 'unavailable', words: words(host), worthRetrying })
}

const noAnswer = (worthRetrying: boolean): Explain =>
  unavailable(
    (host) => `Nothing answers at ${host}: the plug is unplugged, out of Wi-Fi reach or has a new address. ${FIREWALL}`,
    worthRetrying,
  )
const newerFirmware = unavailable(
  (host) =>
    `${host} is there but does not listen on port 9999: it is no Kasa plug, or its firmware is newer and speaks another protocol.`,
  false,
)
const silent = unavailable((host) => `${host} takes the call but says nothing. Unplug it for ten seconds.`, true)
const cutShort = unavailable((host) => `${host} hung up in the middle of its answer.`, true)
const notKasa = unavailable((host) => `${host} answers, but not like a Kasa plug.`, true)
const nameUnknown = unavailable((host) => `The name ${host} is not known on this network.`, false)

/** By the code of the socket or of our own transport; the table of what the older protocol lets us see. */
const BY_CODE: Readonly<Record<string, Explain>> = {
  CONNECT_TIMEOUT: noAnswer(true),
  ETIMEDOUT: noAnswer(true),
  EHOSTUNREACH: noAnswer(false),
  ENETUNREACH: noAnswer(false),
  EHOSTDOWN: noAnswer(false),
  ECONNREFUSED: newerFirmware,
  REPLY_TIMEOUT: silent,
  ECONNRESET: cutShort,
  EPIPE: cutShort,
  SHORT_REPLY: cutShort,
  BAD_REPLY: notKasa,
  TOO_LARGE: notKasa,
  ENOTFOUND: nameUnknown,
  EAI_AGAIN: nameUnknown,
}

export function explain(error: unknown, host: string): PlugProblem {
  if (isRefusal(error)) {
    return { kind: 'unavailable', code: 'PLUG_REFUSED', words: `The plug at ${host} refused.`, worthRetrying: false }
  }
  const code = systemCodeOf(error) ?? 'UNAVAILABLE'
  const known = BY_CODE[code]
  if (known) return { code, ...known(host) }
  if (error instanceof LaresError) return { kind: error.kind, code, words: error.message, worthRetrying: false }
  return {
    kind: 'unavailable',
    code,
    words: `The plug at ${host} cannot be asked: ${messageOf(error)}.`,
    worthRetrying: false,
  }
}

export function asLaresError(error: unknown, host: string): LaresError {
  const { kind, code, words } = explain(error, host)
  return new LaresError(kind, words, { code, cause: error })
}
