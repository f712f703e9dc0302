import { schemeKey } from './discovery/answers.ts'
import type { FailureClass, Scheme } from './transports/types.ts'

const XOR_PORT = 9999
const HTTP_PORT = 80

/** What may be tried where nothing is known: each finds out by itself whether it fits, and shows no password before. */
export function genericSchemes(port: number): Scheme[] {
  const xor: Scheme = { encryption: 'xor', port, family: 'iot', loginVersion: 0 }
  const httpPort = port === XOR_PORT ? HTTP_PORT : port
  const klap: Scheme = { encryption: 'klap', port: httpPort, family: null, loginVersion: 0 }
  const tpap: Scheme = { encryption: 'tpap', port: httpPort, family: 'smart', loginVersion: 0 }
  return port === HTTP_PORT ? [klap, tpap, { ...xor, port: XOR_PORT }] : [xor, klap, tpap]
}

/** In order, each way once. */
export function distinctSchemes(schemes: readonly Scheme[]): Scheme[] {
  const byKey = new Map<string, Scheme>()
  for (const scheme of schemes) if (!byKey.has(schemeKey(scheme))) byKey.set(schemeKey(scheme), scheme)
  return [...byKey.values()]
}

/** Of all that went wrong on a walk, what tells the owner most comes first. */
const TELLING: readonly FailureClass[] = [
  'stopped',
  'device-error',
  'wrong-account',
  'auth-failed',
  'needs-account',
  'busy',
  'unreachable',
  'bad-answer',
  'refused',
  'unsupported',
]
/** A toggle in the vendor's app: tells more than a closed port, although both are refusals. */
const TELLS_MORE = ['LOCAL_ACCESS_OFF', 'NOT_SET_UP']

export interface Failed {
  failure: FailureClass
  code: string
  error: unknown
}

/** The first of the most telling. */
export function mostTelling(failed: readonly Failed[]): Failed | undefined {
  const rank = ({ failure, code }: Failed): number =>
    TELLS_MORE.includes(code) ? TELLING.indexOf('busy') : TELLING.indexOf(failure)
  return failed.reduce<Failed | undefined>((best, each) => (best && rank(best) <= rank(each) ? best : each), undefined)
}
