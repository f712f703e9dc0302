import type { Observation } from './device-link.ts'
import type { FailureClass } from './transports/types.ts'

/** One finding for the person who stands in front of the plug, most useful first. */
export interface Diagnosis {
  /** Stable, for programs and tests. */
  code: string
  words: string
  whatToDo: string
}

/** What is known besides what the plug itself did. All optional: what is not known is not guessed. */
export interface Around {
  /** This program runs in a container with a network of its own: calls to the whole network stay inside it. */
  isInContainer?: boolean
  /** Whether the plug's address is in one of this box's own networks; null: its address is a name. */
  isOnOurNetwork?: boolean | null
  /** How often the plug forgot us within the last hour. */
  lostSessions?: number
}

const FINDINGS = {
  OTHER_ACCOUNT: {
    words: 'This plug belongs to another TP-Link account.',
    whatToDo:
      'Enter that account under Plugs, or remove the plug from it in the Kasa or Tapo app and set it up with yours.',
  },
  PASSWORD_CHANGED: {
    words:
      'The plug does not take the password. It keeps the one it was set up with, also when the account has a new one.',
    whatToDo:
      'Check the account (capitals count, in the address too). If the password was changed since, remove the plug in the Kasa or Tapo app and add it again.',
  },
  NEEDS_ACCOUNT: {
    words: 'The plug wants to know the TP-Link account that it was set up with.',
    whatToDo: 'Enter the account once under Plugs. It is kept encrypted in this box and shown to your plugs alone.',
  },
  LOCAL_ACCESS_OFF: {
    words: 'The plug refuses to be used from the home network.',
    whatToDo:
      'In the Kasa or Tapo app open Me, then Third-Party Services, and switch on Third-Party Compatibility. If it is on already, switch it off and on again; some plugs forget it at a power cut.',
  },
  WAKING: {
    words: 'The plug is waking up after a power cut: it is on the network and has not opened its door yet.',
    whatToDo: 'Nothing: it is called until it answers, mostly within a minute.',
  },
  SESSION_TAKEN: {
    words: 'Another program signs in to this plug as well, and the plug lets only one stay.',
    whatToDo: 'Let only one program (Home Assistant, Homebridge, another Lares) use it, or expect pauses.',
  },
  NOT_SET_UP: {
    words: 'The plug was never set up.',
    whatToDo: 'Add it in the Kasa or Tapo app first: that joins it to your Wi-Fi. After that it needs no internet.',
  },
  FOREIGN: {
    words: 'The plug wants a way of speaking that Lares does not know.',
    whatToDo:
      'Switch on Third-Party Compatibility in the Kasa or Tapo app; if that does not help, please report its model and firmware.',
  },
  NOT_A_PLUG: {
    words: 'Something answers at this address, and it is no plug.',
    whatToDo: 'Check the address in the Kasa or Tapo app (device information).',
  },
  CONTAINER: {
    words:
      'Nothing answers, and Lares runs in a container with a network of its own, where calls to the home do not arrive.',
    whatToDo: 'Start the container with the network of its host (--network host), or add plugs by their address.',
  },
  OTHER_NETWORK: {
    words: 'Nothing answers, and the plug is on another network (VLAN) than this box.',
    whatToDo:
      'Let TCP 80 and 9999 and UDP 9999, 20002 and 20004 pass from this box to the plug, and the answers back. Calls to everybody do not cross networks: add the plug by its address.',
  },
  OFFLINE: {
    words: 'Nothing answers at this address.',
    whatToDo:
      'Is the plug in its socket, and the socket on? Is it in reach of the Wi-Fi? A router may have given it a new address: then it is found by itself within a minute.',
  },
  HANGING: {
    words: 'The plug takes the call and says nothing.',
    whatToDo: 'Unplug it for ten seconds.',
  },
} as const satisfies Record<string, Omit<Diagnosis, 'code'>>
type Code = keyof typeof FINDINGS

const SESSIONS_WORTH_TELLING = 3

/**
 * Pure: what was observed → what to tell, most useful first; empty when all is well. The newest observation of each way
 * counts; a way that works leaves only the warning that somebody else signs in.
 */
export function diagnose(observations: readonly Observation[], around: Around = {}): Diagnosis[] {
  const ways = observations.filter(({ encryption }) => encryption !== 'probe')
  const probed = observations.find(({ encryption }) => encryption === 'probe')
  const newest = ways.reduce<Observation | null>((best, each) => (best && best.at > each.at ? best : each), null)
  const codes = new Set<Code>()
  const works = newest !== null && newest.failure === null
  if (!works) for (const code of codesOf(ways, probed?.failure === null, around)) codes.add(code)
  const taken = ways.some(({ code }) => code === 'SESSION_TAKEN') && !works
  if (taken || (around.lostSessions ?? 0) >= SESSIONS_WORTH_TELLING) codes.add('SESSION_TAKEN')
  return [...codes].map((code) => ({ code, ...FINDINGS[code] }))
}

function codesOf(ways: readonly Observation[], hasAnsweredCall: boolean, around: Around): Code[] {
  const failed = ways.filter(({ failure }) => failure !== null)
  const has = (failure: FailureClass): boolean => failed.some((each) => each.failure === failure)
  const hasCode = (code: string): boolean => failed.some((each) => each.code === code)
  const codes: Code[] = []
  if (has('wrong-account')) codes.push('OTHER_ACCOUNT')
  if (has('auth-failed')) codes.push('PASSWORD_CHANGED')
  if (has('needs-account')) codes.push('NEEDS_ACCOUNT')
  if (hasCode('LOCAL_ACCESS_OFF')) codes.push('LOCAL_ACCESS_OFF')
  if (hasCode('NOT_SET_UP')) codes.push('NOT_SET_UP')
  if (hasCode('SCHEME_UNKNOWN')) codes.push('FOREIGN')
  if (codes.length > 0 || failed.length === 0) return codes
  const allClosed = failed.every(({ code }) => code === 'ECONNREFUSED')
  if (hasCode('WAKING') || (hasAnsweredCall && allClosed)) return ['WAKING']
  if (hasCode('REPLY_TIMEOUT')) return ['HANGING']
  if (has('bad-answer') || has('unsupported') || allClosed) return ['NOT_A_PLUG']
  return has('unreachable') ? [whyNobody(around)] : []
}

function whyNobody({ isInContainer = false, isOnOurNetwork = null }: Around): Code {
  if (isInContainer && isOnOurNetwork !== true) return 'CONTAINER'
  return isOnOurNetwork === false ? 'OTHER_NETWORK' : 'OFFLINE'
}
