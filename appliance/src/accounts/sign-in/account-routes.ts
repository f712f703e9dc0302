import {
  addPasskeyBody,
  changePasswordBody,
  confirmBody,
  enrolTotpBody,
  passkey,
  passkeyChallenge,
  passkeySignInBody,
  passkeysReply,
  recoveryCodesReply,
  renamePasskeyBody,
  renewRecoveryCodesBody,
  signInBody,
  signInReply,
  sudoBody,
  sudoMethods,
  totpEnrolment,
} from '../../api/accounts.ts'
import { done, idParams } from '../../api/common.ts'
import { LaresError } from '../../core/errors.ts'
import { route, type RequestContext, type Route } from '../../http/route.ts'
import type { OwnAccount } from './own-account.ts'
import type { OwnFactors } from './own-factors.ts'
import type { Passkeys } from './passkeys.ts'
import type { SignIn } from './sign-in.ts'
import type { Asker, Sudo } from './sudo.ts'
import type { ClientMeta, SignInResult } from '../types.ts'

export interface AccountRouteDeps {
  signIn: SignIn
  passkeys: Pick<Passkeys, 'challengeAnybody'>
  sudo: Sudo
  ownAccount: OwnAccount
  ownFactors: OwnFactors
}

const OK = { ok: true as const }

const clientOf = ({ address, userAgent, credentials }: RequestContext): ClientMeta => {
  return { address, userAgent, deviceToken: credentials.deviceToken }
}

/** The gate lets nobody else through to a `session` route; this only tells the types. */
function askerOf({ principal, address, userAgent, origin }: RequestContext): Asker {
  if (principal) return { principal, address, userAgent, origin }
  throw new LaresError('unauthenticated', 'Please sign in.')
}

function hand({ session, ...reply }: SignInResult, request: RequestContext) {
  if (session) request.setTokens(session.tokens)
  return reply
}

/** Signing in, confirming that it is oneself, and one's own password and second factors. */
export function accountRoutes(deps: AccountRouteDeps): Route[] {
  return [
    ...signInRoutes(deps),
    ...sudoRoutes(deps),
    ...passwordRoutes(deps),
    ...totpRoutes(deps),
    ...newPasskeyRoutes(deps),
    ...oldPasskeyRoutes(deps),
  ]
}

function signInRoutes({ signIn, passkeys }: AccountRouteDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/session',
      summary: 'Signs in with name, password and second factor.',
      needs: 'sign-in',
      limit: 'login',
      body: signInBody,
      reply: signInReply,
      run: async ({ body, request }) =>
        hand(await signIn.signIn({ ...body, ...clientOf(request), origin: request.origin }), request),
    }),
    route({
      method: 'POST',
      path: '/api/session/passkey/begin',
      summary: 'Asks for any passkey of this box, to sign in with it alone.',
      needs: 'sign-in',
      limit: 'login',
      reply: passkeyChallenge,
      run: ({ request }) => Promise.resolve(passkeys.challengeAnybody(request.origin)),
    }),
    route({
      method: 'POST',
      path: '/api/session/passkey',
      summary: 'Signs in with a passkey alone.',
      needs: 'sign-in',
      limit: 'login',
      body: passkeySignInBody,
      reply: signInReply,
      run: async ({ body, request }) =>
        hand(await signIn.signInWithPasskey({ ...body, ...clientOf(request) }), request),
    }),
  ]
}

function sudoRoutes({ sudo }: AccountRouteDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/session/sudo',
      summary: 'How this person can confirm a dangerous act.',
      needs: 'session',
      limit: 'general',
      reply: sudoMethods,
      run: ({ request }) => sudo.methods(askerOf(request)),
    }),
    route({
      method: 'POST',
      path: '/api/session/sudo',
      summary: 'Confirms: for the next minutes dangerous acts are allowed in this session.',
      needs: 'session',
      limit: 'login',
      body: sudoBody,
      reply: done,
      async run({ body, request }) {
        await sudo.confirm(askerOf(request), body)
        return OK
      },
    }),
  ]
}

function passwordRoutes({ ownAccount }: AccountRouteDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/me/password',
      summary: 'Changes your password and signs out everywhere else.',
      needs: 'session',
      limit: 'login',
      body: changePasswordBody,
      reply: done,
      async run({ body, request }) {
        const { currentPassword, newPassword } = body
        request.setTokens(await ownAccount.changePassword(askerOf(request), currentPassword, newPassword))
        return OK
      },
    }),
    route({
      method: 'POST',
      path: '/api/me/recovery-codes',
      summary: 'Makes ten new recovery codes; the old ones end.',
      needs: 'session',
      limit: 'login',
      body: renewRecoveryCodesBody,
      reply: recoveryCodesReply,
      run: async ({ body, request }) => ({
        recoveryCodes: await ownAccount.renewRecoveryCodes(askerOf(request), body.password, body.code),
      }),
    }),
  ]
}

function totpRoutes({ ownFactors }: AccountRouteDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/me/totp/begin',
      summary: 'Makes the secret of an authenticator app; nothing changes until its first code comes back.',
      needs: 'session',
      limit: 'login',
      sudo: true,
      reply: totpEnrolment,
      run: ({ request }) => ownFactors.beginTotp(askerOf(request)),
    }),
    route({
      method: 'POST',
      path: '/api/me/totp',
      summary:
        'Sets up an authenticator app, or another one in its place. Recovery codes come back when there were none.',
      needs: 'session',
      limit: 'login',
      body: enrolTotpBody,
      reply: recoveryCodesReply,
      run: async ({ body, request }) => ({
        recoveryCodes: await ownFactors.enrolTotp(askerOf(request), body.ticket, body.code),
      }),
    }),
    route({
      method: 'DELETE',
      path: '/api/me/totp',
      summary: 'Removes the authenticator app; with password and code, and only where it is not a must.',
      needs: 'session',
      limit: 'login',
      body: confirmBody,
      reply: done,
      async run({ body, request }) {
        await ownFactors.removeTotp(askerOf(request), body.password, body.code)
        return OK
      },
    }),
  ]
}

function newPasskeyRoutes({ ownFactors }: AccountRouteDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/me/passkeys',
      summary: 'Your passkeys.',
      needs: 'session',
      limit: 'general',
      reply: passkeysReply,
      run: ({ request }) => ownFactors.listPasskeys(askerOf(request)),
    }),
    route({
      method: 'POST',
      path: '/api/me/passkeys/begin',
      summary: 'Begins to make a passkey for the name under which the box was opened.',
      needs: 'session',
      limit: 'login',
      sudo: true,
      reply: passkeyChallenge,
      run: ({ request }) => ownFactors.beginPasskey(askerOf(request)),
    }),
    route({
      method: 'POST',
      path: '/api/me/passkeys',
      summary: 'Adds the passkey that was just made.',
      needs: 'session',
      limit: 'login',
      body: addPasskeyBody,
      reply: passkey,
      run: ({ body, request }) => ownFactors.addPasskey(askerOf(request), body.passkey, body.name),
    }),
  ]
}

function oldPasskeyRoutes({ ownFactors }: AccountRouteDeps): Route[] {
  return [
    route({
      method: 'PATCH',
      path: '/api/me/passkeys/:id',
      summary: 'Renames a passkey.',
      needs: 'session',
      limit: 'general',
      params: idParams,
      body: renamePasskeyBody,
      reply: done,
      async run({ params, body, request }) {
        await ownFactors.renamePasskey(askerOf(request), params.id, body.name)
        return OK
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/me/passkeys/:id',
      summary: 'Removes a passkey.',
      needs: 'session',
      limit: 'general',
      sudo: true,
      params: idParams,
      reply: done,
      async run({ params, request }) {
        await ownFactors.removePasskey(askerOf(request), params.id)
        return OK
      },
    }),
  ]
}
