// Passkeys: the browser's own window does the asking. The library comes only when one is used.
import { ClientError } from '../client-error.ts'
import type * as library from './passkey-library.ts'
import { own } from '../text/account.ts'
import type { PasskeyAnswer, PasskeyChallenge } from '../wire.ts'

/** Passkeys are tied to a name: under a bare address no browser makes or shows one. */
export const isBareAddress = /^[\d.]+$|^\[/.test(location.hostname)
export const passkeysPossible = 'PublicKeyCredential' in window && !isBareAddress

const USED_HERE = 'lares.passkey'

/** Whether this browser has made or used one: only then it is offered before anybody asks for it. */
export function passkeyUsedHere(): boolean {
  return localStorage.getItem(USED_HERE) !== null
}

/** Shows the browser's window to sign in. With `offered`: only in the list under the name field, whenever it is picked. */
export async function answerPasskey(challenge: PasskeyChallenge, offered = false): Promise<PasskeyAnswer> {
  return await inWords(challenge, async ({ startAuthentication }) =>
    startAuthentication({ optionsJSON: challenge.options as never, useBrowserAutofill: offered }),
  )
}

/** Makes a new one. */
export async function makePasskey(challenge: PasskeyChallenge): Promise<PasskeyAnswer> {
  return await inWords(challenge, async ({ startRegistration }) =>
    startRegistration({ optionsJSON: challenge.options as never }),
  )
}

type Library = typeof library

async function inWords(
  { challengeId }: PasskeyChallenge,
  work: (library: Library) => Promise<object>,
): Promise<PasskeyAnswer> {
  try {
    const answer = await work(await import('./passkey-library.ts'))
    localStorage.setItem(USED_HERE, 'yes')
    return { challengeId, answer: answer as PasskeyAnswer['answer'] }
  } catch (failure) {
    const name = failure instanceof Error ? failure.name : ''
    const known = name === 'InvalidStateError' ? own.passkey.already : own.passkey.failed
    throw new ClientError('passkey', known, 0, {
      ...{ error: 'passkey', message: known, error_code: 'PASSKEY', timestamp: new Date().toISOString() },
      details: { reason: name },
    })
  }
}

/** Whether the browser can offer passkeys in the list under a name field. */
export async function canOfferPasskeys(): Promise<boolean> {
  if (!passkeysPossible || !passkeyUsedHere()) return false
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false
}
