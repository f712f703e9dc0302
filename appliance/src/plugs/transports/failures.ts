import { LaresError } from '../../core/errors.ts'

/** What transports throw; `problems.ts` has the words for the person. Each code belongs to one `FailureClass`. */
export const failure = {
  /** The device dropped the session before it heard the question. */
  sessionLost: () => of('SESSION_LOST', 'The plug forgot who was signed in.'),
  /** The answer makes no sense under this session's key: it may or may not have heard the question. */
  sessionBroken: (why: string) => of('SESSION_BROKEN', `The plug's answer cannot be read: ${why}.`),
  sessionTaken: () => of('SESSION_TAKEN', 'The plug keeps forgetting who is signed in.'),
  badReply: (why: string) => of('BAD_REPLY', `The plug's answer makes no sense: ${why}.`),
  localAccessOff: () => of('LOCAL_ACCESS_OFF', 'The plug refuses to be used from the home network.'),
  schemeGone: (why: string) => of('SCHEME_GONE', `The plug does not speak this way: ${why}.`),
  schemeUnknown: (why: string) => of('SCHEME_UNKNOWN', `The plug asks for ${why}, which Lares does not speak.`),
  loginRefused: () => of('LOGIN_REFUSED', 'No account that Lares knows fits this plug.'),
  otherAccount: () => of('OTHER_ACCOUNT', 'The plug belongs to another TP-Link account.'),
  needsAccount: () => of('NEEDS_ACCOUNT', 'The plug wants the TP-Link account that it was set up with.'),
  notSetUp: () => of('NOT_SET_UP', 'The plug was never set up in the Kasa or Tapo app.'),
  stopped: () => of('STOPPED', 'Stopped while waiting for the plug.'),
  notAtHome: (host: string) =>
    new LaresError('forbidden', `${host} is not an address of a home network.`, { code: 'ADDRESS_REFUSED' }),
  timedOut: (host: string, connected: boolean) => {
    const code = connected ? 'REPLY_TIMEOUT' : 'CONNECT_TIMEOUT'
    return new LaresError('timeout', `${host} did not answer in time.`, { code })
  },
  hungUp: (host: string, receivedBytes: number) => of('SHORT_REPLY', `${host} hung up after ${receivedBytes} bytes.`),
  tooLarge: (bytes: number | string, most: number) =>
    new LaresError('too-large', `A reply of ${bytes} bytes was announced; at most ${most} are read.`),
  loginPaused: (retryAfterS: number) =>
    new LaresError('unavailable', 'Waiting before the plug is shown a password again.', {
      code: 'LOGIN_PAUSED',
      retryAfterS,
    }),
} as const

function of(code: string, words: string): LaresError {
  return new LaresError('unavailable', words, { code })
}
