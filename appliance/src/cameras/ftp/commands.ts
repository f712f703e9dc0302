import { LaresError } from '../../core/errors.ts'
import type { FtpCommand } from './command.ts'
import { offerDataConnection, pasvNumbers, type DataConnection } from './data-connection.ts'
import { changeFolder, deleteFile, list, makeFolder, renameFrom, renameTo, sizeOf, store } from './file-commands.ts'
import { shownPath } from './paths.ts'
import type { SessionState, SignedIn } from './session-state.ts'
import type { FtpServices } from './types.ts'

export interface Answer {
  reply: string
  then?: 'tls' | 'end'
}

export type Handler = (state: SessionState, argument: string) => Promise<string | Answer> | string | Answer

const MOST_FAILED_LOGINS = 3
const ACTIVE_REFUSED = '502 Only passive mode here: it cannot be turned against others.'

/** Names that old clients have for the same thing. */
const SAME: Readonly<Record<string, string>> = { XMKD: 'MKD', XCWD: 'CWD', XPWD: 'PWD', XCUP: 'CDUP', XRMD: 'RMD' }

/** Before the sign-in. */
const OPEN: Readonly<Record<string, Handler>> = {
  USER: (state, name) => user(state, name),
  PASS: (state, password) => pass(state, password),
  ACCT: () => '202 Not needed.',
  AUTH: (state, how) => auth(state, how),
  PBSZ: ({ isSecure }) => (isSecure ? '200 PBSZ=0' : '503 AUTH TLS comes first.'),
  PROT: (state, level) => prot(state, level),
  FEAT: ({ services }) => features(services),
  OPTS: (_, what) => (/^UTF8( ON)?$/i.test(what) ? '200 UTF-8 it is.' : '501 There is no such option.'),
  CLNT: () => '200 Welcome.',
  SYST: () => '215 UNIX Type: L8',
  NOOP: () => '200 Still here.',
  QUIT: () => ({ reply: '221 Goodbye.', then: 'end' }),
  ABOR: () => '226 Nothing is being sent.',
}

const signedIn =
  (run: (state: SignedIn, argument: string) => Promise<string> | string): Handler =>
  (state, argument) =>
    isSignedIn(state) ? run(state, argument) : '530 Sign in first.'

const isSignedIn = (state: SessionState): state is SignedIn => state.home !== null

const SIGNED_IN: Readonly<Record<string, Handler>> = {
  PWD: signedIn(({ parts }) => `257 "${shownPath(parts).replaceAll('"', '""')}"`),
  CWD: signedIn(changeFolder),
  CDUP: signedIn((state) => changeFolder(state, '..')),
  MKD: signedIn(makeFolder),
  PASV: signedIn(pasv),
  EPSV: signedIn(epsv),
  PORT: signedIn(() => ACTIVE_REFUSED),
  EPRT: signedIn(() => ACTIVE_REFUSED),
  TYPE: signedIn((_, type) => (/^(A( N)?|I|L ?8)$/i.test(type) ? '200 Bytes stay as they are.' : '504 Not that type.')),
  MODE: signedIn((_, mode) => (/^S$/i.test(mode) ? '200 Stream.' : '504 Only stream.')),
  STRU: signedIn((_, structure) => (/^F$/i.test(structure) ? '200 Files.' : '504 Only files.')),
  ALLO: signedIn(() => '202 Not needed.'),
  LIST: signedIn((state, argument) => list(state, argument, 'long')),
  NLST: signedIn((state, argument) => list(state, argument, 'names')),
  SIZE: signedIn(sizeOf),
  STOR: signedIn((state, name) => store(state, name, 'replace')),
  STOU: signedIn((state) => store(state, `${crypto.randomUUID()}.jpg`, 'replace')),
  APPE: signedIn((state, name) => store(state, name, 'append')),
  RNFR: signedIn(renameFrom),
  RNTO: signedIn(renameTo),
  DELE: signedIn(deleteFile),
  RETR: signedIn(() => '550 Pictures are only taken in here, not given out.'),
  RMD: signedIn(() => '550 Folders stay; Lares clears them away itself.'),
}

const HANDLERS: ReadonlyMap<string, Handler> = new Map(Object.entries({ ...OPEN, ...SIGNED_IN }))

/** Answers one command; every failure becomes a reply. */
export async function runCommand(state: SessionState, { verb, argument }: FtpCommand): Promise<Answer> {
  const name = SAME[verb] ?? verb
  const handler = HANDLERS.get(name)
  if (!handler) return { reply: '502 That is not done here.' }
  if (name !== 'RNTO') state.renameFrom = name === 'RNFR' ? state.renameFrom : null
  try {
    const answer = await handler(state, argument)
    return typeof answer === 'string' ? { reply: answer } : answer
  } catch (error) {
    return { reply: replyOf(error) }
  }
}

function replyOf(error: unknown): string {
  if (!(error instanceof LaresError)) return '451 That did not work.'
  const words = error.message.replaceAll(/[\r\n]+/g, ' ')
  switch (error.kind) {
    case 'too-large':
      return `552 ${words}`
    case 'timeout':
      return `426 ${words}`
    case 'unavailable':
      return error.code === 'DISK_FULL' ? `452 ${words}` : `425 ${words}`
    case 'not-found':
    case 'invalid':
    case 'conflict':
      return `550 ${words}`
    default:
      return '451 That did not work.'
  }
}

function user(state: SessionState, name: string): string {
  if (state.services.limits().requireTls && !state.isSecure) return '530 Only with TLS here: AUTH TLS comes first.'
  state.username = name
  state.home = null
  return '331 And the password?'
}

async function pass(state: SessionState, password: string): Promise<Answer> {
  const { username, services, address } = state
  if (username === null) return { reply: '503 The user name comes first.' }
  state.username = null
  try {
    state.home = await services.login(username, password, address)
  } catch (error) {
    const words = error instanceof LaresError && error.kind === 'too-many' ? error.message : 'That did not work.'
    return { reply: `421 ${words}`, then: 'end' }
  }
  if (state.home) {
    Object.assign(state, { parts: [], usedBytes: null, failedLogins: 0 })
    state.stored.clear()
    return { reply: '230 Welcome.' }
  }
  state.failedLogins++
  const reply = '530 The user name or the password is wrong.'
  return state.failedLogins >= MOST_FAILED_LOGINS ? { reply, then: 'end' } : { reply }
}

function auth(state: SessionState, how: string): Answer {
  if (!state.services.tls) return { reply: '502 There is no certificate here.' }
  if (state.isSecure) return { reply: '503 TLS is on already.' }
  if (!/^TLS(-C)?$/i.test(how)) return { reply: '504 Only TLS.' }
  // Whoever signed in in the clear does so again in secret (RFC 4217, section 4).
  Object.assign(state, { username: null, home: null })
  return { reply: '234 Go on with TLS.', then: 'tls' }
}

function prot(state: SessionState, level: string): string {
  if (!state.isSecure) return '503 AUTH TLS comes first.'
  if (/^P$/i.test(level)) state.isProtected = true
  else if (/^C$/i.test(level) && !state.services.limits().requireTls) state.isProtected = false
  else return '536 Only PROT P.'
  return '200 Done.'
}

function features({ tls }: FtpServices): string {
  const secure = tls ? ['AUTH TLS', 'PBSZ', 'PROT'] : []
  return [
    '211-What there is:',
    ...[...secure, 'EPSV', 'PASV', 'SIZE', 'UTF8'].map((name) => ` ${name}`),
    '211 End',
  ].join('\r\n')
}

async function offer(state: SignedIn): Promise<DataConnection> {
  const { services, localAddress, address } = state
  state.offered?.close()
  state.offered = null
  const { passiveFrom, passiveTo } = services.limits()
  const offered = await offerDataConnection({
    ...{ clock: services.clock, localAddress, clientAddress: address, from: passiveFrom, to: passiveTo },
  })
  state.offered = offered
  return offered
}

async function pasv(state: SignedIn): Promise<string> {
  if (state.onlyExtended) return '501 EPSV ALL was said.'
  const shown = state.services.limits().publicAddress || state.localAddress
  if (pasvNumbers(shown, 0) === null) return '522 Use EPSV: this is IPv6.'
  const { port } = await offer(state)
  return `227 Entering Passive Mode (${pasvNumbers(shown, port) ?? ''})`
}

async function epsv(state: SignedIn, argument: string): Promise<string> {
  if (/^ALL$/i.test(argument)) {
    state.onlyExtended = true
    return '200 Only EPSV from now on.'
  }
  if (!/^[12]?$/.test(argument)) return '522 Use 1 or 2.'
  const { port } = await offer(state)
  return `229 Entering Extended Passive Mode (|||${String(port)}|)`
}
