import type { Passkey, PasskeyAnswer, PasskeyChallenge } from '../../api/accounts.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Db, Trx } from '../../db/database.ts'
import { homeName } from '../../settings/index.ts'
import type { Settings } from '../../settings/types.ts'
import {
  ALGORITHMS,
  claimedPasskey,
  knownTransports,
  needsName,
  passkeyPlace,
  readAuthentication,
  readRegistration,
} from './passkey-answers.ts'
import {
  CHALLENGE_MS,
  createPasskeyChallenges,
  type ChallengePurpose,
  type IssuedChallenge,
  type PasskeyChallenges,
} from './passkey-challenges.ts'
import * as store from './passkey-store.ts'
import type { StoredPasskey } from './passkey-store.ts'

const MOST_EACH = 20

export interface Asking {
  purpose: Exclude<ChallengePurpose, 'add'>
  /** null: whoever the passkey belongs to. */
  userId: string | null
  sessionId: string | null
}

export interface PasskeyOwner {
  userId: string
  sessionId: string
  username: string
  displayName: string
}

/** A right answer that is not used up yet. */
export interface ProvenPasskey {
  passkeyId: string
  userId: string
  counter: number
}

export interface Passkeys {
  list(userId: string): Promise<Passkey[]>
  count(db: Db, userId: string): Promise<number>
  /** null where none of this person's passkeys works under this name. */
  challenge(origin: string, asking: Asking & { userId: string }): Promise<PasskeyChallenge | null>
  /** For whoever has one. Throws `unsupported` PASSKEY_NEEDS_NAME. */
  challengeAnybody(origin: string): PasskeyChallenge
  /** Throws `unauthenticated` PASSKEY_EXPIRED (too late, used already) or PASSKEY_WRONG. Changes nothing. */
  check(given: PasskeyAnswer, asking: Asking): Promise<ProvenPasskey>
  /** Uses the answer up. Throws `unauthenticated` PASSKEY_WRONG, or PASSKEY_COPIED when its counter did not go up. */
  use(trx: Trx, proven: ProvenPasskey): Promise<void>
  /** Throws `unsupported` PASSKEY_NEEDS_NAME, `conflict` PASSKEYS_FULL. */
  beginAdding(origin: string, owner: PasskeyOwner): Promise<PasskeyChallenge>
  /** Reads the answer; `add` puts it into the caller's transaction. */
  readNew(given: PasskeyAnswer, owner: PasskeyOwner): Promise<NewPasskey>
  /** Throws `conflict` PASSKEY_KNOWN or PASSKEYS_FULL. */
  add(trx: Trx, passkey: NewPasskey, name: string): Promise<Passkey>
}

export type NewPasskey = Omit<StoredPasskey, 'id' | 'name' | 'createdAt' | 'lastUsedAt'>

interface Deps {
  database: Database
  clock: Clock
  settings: Settings
}

export const passkeyRefused = (code: 'PASSKEY_EXPIRED' | 'PASSKEY_WRONG' | 'PASSKEY_COPIED'): LaresError => {
  const words = {
    PASSKEY_EXPIRED: 'That took too long. Please try the passkey again.',
    PASSKEY_WRONG: 'This passkey is not known here. Try another one, or sign in with your password.',
    PASSKEY_COPIED:
      'This passkey was refused: it looks as if there were a copy of it. Remove it from your account and make a new one.',
  }
  return new LaresError('unauthenticated', words[code], { code })
}

const full = (): LaresError =>
  new LaresError('conflict', `You have ${MOST_EACH} passkeys already. Remove one first.`, { code: 'PASSKEYS_FULL' })

const forApp = ({ id, name, rpId, createdAt, lastUsedAt }: StoredPasskey): Passkey => {
  return { id, name, host: rpId, createdAt, lastUsedAt }
}

const descriptor = ({ credentialId, transports }: StoredPasskey) => {
  return { id: credentialId, type: 'public-key', transports: knownTransports(transports) }
}

/** What `navigator.credentials.get` is asked (WebAuthn level 3, JSON form). */
const question = (issued: IssuedChallenge, allowed: readonly StoredPasskey[]): PasskeyChallenge => ({
  challengeId: issued.id,
  options: {
    challenge: issued.challenge,
    rpId: issued.rpId,
    allowCredentials: allowed.map(descriptor),
    userVerification: 'required',
    timeout: CHALLENGE_MS,
  },
})

/** What `navigator.credentials.create` is asked. */
const invitation = (issued: IssuedChallenge, owner: PasskeyOwner, known: readonly StoredPasskey[], home: string) => ({
  challengeId: issued.id,
  options: {
    challenge: issued.challenge,
    rp: { id: issued.rpId, name: home === '' ? 'Lares' : `Lares ${home}` },
    user: {
      id: Buffer.from(owner.userId).toString('base64url'),
      name: owner.username,
      displayName: owner.displayName,
    },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: known.map(descriptor),
    authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'required' },
    attestation: 'none',
    timeout: CHALLENGE_MS,
  },
})

function createAdding(
  { database, clock, settings }: Deps,
  challenges: PasskeyChallenges,
): Pick<Passkeys, 'beginAdding' | 'readNew' | 'add'> {
  return {
    async beginAdding(origin, owner) {
      const place = passkeyPlace(origin)
      if (!place) throw needsName()
      const own = await store.listPasskeys(database.reader, owner.userId)
      if (own.length >= MOST_EACH) throw full()
      const known = own.filter(({ rpId }) => rpId === place.rpId)
      return invitation(
        challenges.issue({ purpose: 'add', userId: owner.userId, sessionId: owner.sessionId, ...place }),
        owner,
        known,
        settings.get(homeName),
      )
    },
    async readNew({ challengeId, answer }, owner) {
      const issued = challenges.take(challengeId, 'add', owner.userId, owner.sessionId)
      if (!issued)
        throw new LaresError('conflict', 'That took too long. Please begin again.', { code: 'PASSKEY_EXPIRED' })
      const credential = await readRegistration(answer, issued)
      if (credential) return { ...credential, userId: owner.userId, rpId: issued.rpId }
      throw new LaresError('invalid', 'The answer of the passkey is not right. Please try again.', {
        code: 'PASSKEY_WRONG',
      })
    },
    async add(trx, passkey, name) {
      if (await store.findPasskey(trx, passkey.credentialId))
        throw new LaresError('conflict', 'This passkey is set up already.', { code: 'PASSKEY_KNOWN' })
      if ((await store.countPasskeys(trx, passkey.userId)) >= MOST_EACH) throw full()
      const now = clock.now()
      const stored = { ...passkey, id: newId(now), name, createdAt: now, lastUsedAt: null }
      await store.insertPasskey(trx, stored)
      return forApp(stored)
    },
  }
}

/** Passkeys (SEC-A5): tied to the name of the box, each answer good once. */
export function createPasskeys(deps: Deps): Passkeys {
  const { database, clock } = deps
  const challenges = createPasskeyChallenges(clock)

  return {
    list: async (userId) => (await store.listPasskeys(database.reader, userId)).map(forApp),
    count: (db, userId) => store.countPasskeys(db, userId),
    async challenge(origin, asking) {
      const place = passkeyPlace(origin)
      if (!place) return null
      const own = await store.listPasskeys(database.reader, asking.userId)
      const usable = own.filter(({ rpId }) => rpId === place.rpId)
      return usable.length === 0 ? null : question(challenges.issue({ ...asking, ...place }), usable)
    },
    challengeAnybody(origin) {
      const place = passkeyPlace(origin)
      if (!place) throw needsName()
      return question(challenges.issue({ purpose: 'sign-in', userId: null, sessionId: null, ...place }), [])
    },
    async check({ challengeId, answer }, { purpose, userId, sessionId }) {
      const issued = challenges.take(challengeId, purpose, userId, sessionId)
      if (!issued) throw passkeyRefused('PASSKEY_EXPIRED')
      const claimed = claimedPasskey(answer)
      const passkey = claimed === null ? null : await store.findPasskey(database.reader, claimed)
      const isTheirs =
        passkey !== null && (userId === null || passkey.userId === userId) && passkey.rpId === issued.rpId
      const counter = isTheirs ? await readAuthentication(answer, issued, passkey) : null
      if (!isTheirs || counter === null) throw passkeyRefused('PASSKEY_WRONG')
      return { passkeyId: passkey.id, userId: passkey.userId, counter }
    },
    async use(trx, { passkeyId, userId, counter }) {
      if (await store.takePasskeyUse(trx, passkeyId, counter, clock.now())) return
      const isThere = (await store.listPasskeys(trx, userId)).some(({ id }) => id === passkeyId)
      throw passkeyRefused(isThere ? 'PASSKEY_COPIED' : 'PASSKEY_WRONG')
    },
    ...createAdding(deps, challenges),
  }
}
