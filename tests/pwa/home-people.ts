import { randomUUID } from 'node:crypto'
import * as accounts from '../../appliance/src/api/accounts.ts'
import { done } from '../../appliance/src/api/common.ts'
import { PERMISSIONS } from '../../appliance/src/api/permissions.ts'
import * as setup from '../../appliance/src/api/setup.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { OWNER, RECOVERY_CODES, SETUP_CODE, TOTP_CODE, open } from './home-state.ts'
import type { HomeDeps, HomeState } from './home-state.ts'

const user: accounts.User = {
  id: randomUUID(),
  username: OWNER.username,
  displayName: OWNER.displayName,
  role: 'admin',
  permissions: [...PERMISSIONS],
}

function newToken({ sessions }: HomeState): string {
  const token = randomUUID().replaceAll('-', '')
  sessions.add(token)
  return token
}

export function setupRoutes({ state }: HomeDeps): Route[] {
  const check = (code: string) => {
    if (code.replaceAll('-', '').toUpperCase() !== SETUP_CODE.replace('-', '')) {
      throw new LaresError('forbidden', 'That is not the code the box shows.', { code: 'SETUP_CODE_WRONG' })
    }
  }
  return [
    route({
      ...open,
      method: 'GET',
      path: '/api/setup',
      needs: 'public',
      reply: setup.setupStatus,
      run: () =>
        Promise.resolve({
          setupDone: state.setupDone,
          homeName: state.data.settings.homeName,
          boxTime: Date.now(),
          clockTrusted: true,
          version: '0.1.0',
        }),
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/setup/begin',
      needs: 'setup',
      body: setup.beginSetupBody,
      reply: setup.beginSetupReply,
      run: ({ body }) => {
        check(body.setupCode)
        const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
        return Promise.resolve({
          totpSecret,
          totpUri: `otpauth://totp/Lares:${body.username}?secret=${totpSecret}&issuer=Lares`,
        })
      },
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/setup/finish',
      needs: 'setup',
      body: setup.finishSetupBody,
      reply: setup.finishSetupReply,
      run: ({ body, request }) => {
        check(body.setupCode)
        if (body.code !== TOTP_CODE) throw new LaresError('invalid', 'That code is not right. Wait for the next one.')
        const { homeName, timeZone, currency } = body
        state.data.settings = { homeName, timeZone, currency }
        state.setupDone = true
        request.setSessionToken(newToken(state), 3_600)
        return Promise.resolve({ user, recoveryCodes: RECOVERY_CODES })
      },
    }),
  ]
}

export function sessionRoutes({ state, bus }: HomeDeps): Route[] {
  return [
    route({
      ...open,
      method: 'POST',
      path: '/api/session',
      needs: 'public',
      body: accounts.signInBody,
      reply: accounts.signInReply,
      run: ({ body, request }) => {
        const wrong = new LaresError('unauthenticated', 'That user name or password is not right.', {
          code: 'CREDENTIALS_WRONG',
        })
        if (body.username.toLowerCase() !== OWNER.username || body.password !== OWNER.password) throw wrong
        if (!body.code) return Promise.resolve({ status: 'needs-code' as const })
        if (![TOTP_CODE, ...RECOVERY_CODES].includes(body.code))
          throw new LaresError('unauthenticated', 'That code is not right.')
        request.setSessionToken(newToken(state), 3_600)
        return Promise.resolve({ status: 'signed-in' as const, user })
      },
    }),
    route({
      ...open,
      method: 'DELETE',
      path: '/api/session',
      needs: 'signed-in',
      reply: done,
      run: ({ request }) => {
        state.sessions.delete(request.sessionToken ?? '')
        request.clearSessionToken()
        bus.emit('session.ended', { sessionId: request.sessionToken ?? '', userId: user.id, reason: 'signed-out' })
        return Promise.resolve({ ok: true as const })
      },
    }),
    route({
      ...open,
      method: 'GET',
      path: '/api/me',
      needs: 'signed-in',
      reply: accounts.meReply,
      run: () =>
        Promise.resolve({
          user,
          sessionExpiresAt: Date.now() + 3_600_000,
          passwordExpiresAt: null,
          recoveryCodesLeft: 8,
        }),
    }),
    route({
      ...open,
      method: 'GET',
      path: '/api/me/sessions',
      needs: 'signed-in',
      reply: accounts.sessionsReply,
      run: ({ request: { userAgent } }) => {
        const here = {
          id: randomUUID(),
          current: true,
          userAgent,
          address: '192.168.1.7',
          createdAt: Date.now(),
          lastSeenAt: Date.now(),
        }
        const away = {
          ...here,
          id: randomUUID(),
          current: false,
          userAgent: 'Mozilla/5.0 (iPhone) Safari',
          lastSeenAt: Date.now() - 7_200_000,
        }
        return Promise.resolve({ sessions: [here, away] })
      },
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/me/password',
      needs: 'signed-in',
      body: accounts.changePasswordBody,
      reply: done,
      run: ({ body }) => {
        if (body.currentPassword !== OWNER.password)
          throw new LaresError('unauthenticated', 'That is not your current password.')
        return Promise.resolve({ ok: true as const })
      },
    }),
  ]
}
