import { createHash } from 'node:crypto'
import { failure } from './failures.ts'
import type { AccountCredentials, TransportDeps } from './types.ts'
import type { LaresError } from '../../core/errors.ts'

/** Something to sign in with. `id` is what `SessionFacts.signedInAs` remembers. */
export interface Candidate {
  id: string
  user: string
  password: string
}

/** What devices take that were never bound to an account, or fell back from one. */
const DEFAULTS: readonly Candidate[] = [
  { id: 'default:kasa', user: 'kasa@tp-link.net', password: 'kasaSetup' },
  { id: 'default:tapo', user: 'test@tp-link.net', password: 'test' },
  { id: 'blank', user: '', password: '' },
]

type Known = Pick<TransportDeps, 'credentials' | 'owner' | 'signedInAs'>

/** Accounts first (the device's owner before the others), then defaults; what worked last time before all. */
export function candidates(known: Known): Candidate[] {
  const lastTime = known.signedInAs()
  return first([...accountCandidates(known), ...DEFAULTS], ({ id }) => id === lastTime)
}

/** The owner's accounts alone, for protocols in which every try is seen by the device. */
export function accountCandidates({ credentials, owner, signedInAs }: Known): Candidate[] {
  const lastTime = signedInAs()
  const accounts = credentials().map(({ id, user, password }) => ({ id: `account:${id}`, user, password }))
  const ownerFirst = first(accounts, ({ user }) => owner !== null && ownerOf(user) === owner)
  return first(ownerFirst, ({ id }) => id === lastTime)
}

/** `owner` as discovery tells it: MD5 of the e-mail address, lower-case hex. */
export function ownerOf(user: string): string {
  return createHash('md5').update(user, 'utf8').digest('hex')
}

/** Why nothing fitted, as far as it can be told. */
export function whyNoneFits({ credentials, owner }: Pick<Known, 'credentials' | 'owner'>): LaresError {
  const accounts: readonly AccountCredentials[] = credentials()
  if (accounts.length === 0) return failure.needsAccount()
  const isOurs = owner === null || accounts.some(({ user }) => ownerOf(user) === owner)
  return isOurs ? failure.loginRefused() : failure.otherAccount()
}

function first(all: readonly Candidate[], isFirst: (candidate: Candidate) => boolean): Candidate[] {
  return [...all.filter(isFirst), ...all.filter((each) => !isFirst(each))]
}
