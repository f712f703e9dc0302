// What the app talks to in these tests: the product's own door and schemas, with a home made of plain objects behind it.
import { randomUUID } from 'node:crypto'
import * as accounts from '../../appliance/src/api/accounts.ts'
import * as alerts from '../../appliance/src/api/alerts.ts'
import * as cameras from '../../appliance/src/api/cameras.ts'
import { done, idParams } from '../../appliance/src/api/common.ts'
import * as incidents from '../../appliance/src/api/incidents.ts'
import { PERMISSIONS } from '../../appliance/src/api/permissions.ts'
import * as plugs from '../../appliance/src/api/plugs.ts'
import * as setup from '../../appliance/src/api/setup.ts'
import * as system from '../../appliance/src/api/system.ts'
import type { Bus } from '../../appliance/src/core/bus.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import type { Events } from '../../appliance/src/events.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { HARDWARE } from './home-data.ts'
import type { HomeData } from './home-data.ts'
import { drawScene } from './scene.ts'

export const OWNER = { username: 'ada', displayName: 'Ada', password: 'Correct-Horse-42' } as const
export const SETUP_CODE = '7KQ2-M4XD'
export const TOTP_CODE = '424242'
export const RECOVERY_CODES = Array.from({ length: 10 }, (_, index) => `recov-${String(index)}${String(index)}abc`)

export interface HomeState {
  data: HomeData
  setupDone: boolean
  sessions: Set<string>
  /** Mishaps a test asks for. */
  knobs: {
    switchFails: boolean
    switchDelayMs: number
    cameraAnswers: 'picture' | 'wrong-password'
    clip: boolean
  }
  testPushes: number
}

interface Deps {
  state: HomeState
  bus: Bus<Events>
}

const user: accounts.User = {
  id: randomUUID(),
  username: OWNER.username,
  displayName: OWNER.displayName,
  role: 'admin',
  permissions: [...PERMISSIONS],
}

function find<T extends { id: string }>(list: readonly T[], id: string): T {
  const found = list.find((each) => each.id === id)
  if (!found) throw new LaresError('not-found', 'That is not there any more.')
  return found
}

const open = { limit: 'general' as const, summary: 'For tests.' }

export function homeRoutes(deps: Deps): Route[] {
  return [
    ...setupRoutes(deps),
    ...sessionRoutes(deps),
    ...cameraRoutes(deps),
    ...incidentRoutes(deps),
    ...plugRoutes(deps),
    ...pushRoutes(deps),
    ...systemRoutes(deps),
  ]
}

function newToken({ sessions }: HomeState): string {
  const token = randomUUID().replaceAll('-', '')
  sessions.add(token)
  return token
}

function setupRoutes({ state }: Deps): Route[] {
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

function sessionRoutes({ state, bus }: Deps): Route[] {
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

function cameraRoutes({ state, bus }: Deps): Route[] {
  const { data } = state
  return [
    route({
      ...open,
      method: 'GET',
      path: '/api/cameras',
      needs: 'cameras.view',
      reply: cameras.camerasReply,
      run: () => Promise.resolve({ cameras: data.cameras }),
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/cameras',
      needs: 'cameras.edit',
      body: cameras.createCameraBody,
      reply: cameras.camera,
      run: ({ body: { name, classes, source } }) => {
        const created: cameras.Camera = {
          id: randomUUID(),
          name,
          source:
            source.kind === 'file'
              ? { kind: 'file', address: source.path, hasPassword: false }
              : {
                  kind: 'rtsp',
                  address: source.url,
                  hasPassword: source.password !== undefined,
                  transport: source.transport,
                },
          enabled: true,
          classes: classes ?? ['person'],
          state: 'live',
          problem: null,
          picture: { width: 1280, height: 720, codec: 'h264' },
          lastFrameAt: Date.now(),
          createdAt: Date.now(),
        }
        data.cameras.push(created)
        data.places.set(created.id, 'door')
        bus.emit('camera.changed', created)
        return Promise.resolve(created)
      },
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/cameras/test',
      needs: 'cameras.edit',
      body: cameras.testCameraBody,
      reply: cameras.testCameraReply,
      run: async () => {
        if (state.knobs.cameraAnswers === 'wrong-password') {
          const message = 'The camera refuses that user name or password.'
          return { ok: false as const, problem: { reason: 'wrong-password' as const, message, since: Date.now() } }
        }
        const preview = `data:image/jpeg;base64,${(await drawScene('door')).toString('base64')}`
        return { ok: true as const, picture: { width: 1280, height: 720, codec: 'h264', framesPerSecond: 15 }, preview }
      },
    }),
    route({
      ...open,
      method: 'PATCH',
      path: '/api/cameras/:id',
      needs: 'cameras.edit',
      params: idParams,
      body: cameras.changeCameraBody,
      reply: cameras.camera,
      run: ({ params, body: { name, enabled, classes } }) => {
        const camera = find(data.cameras, params.id)
        Object.assign(camera, JSON.parse(JSON.stringify({ name, enabled, classes })))
        bus.emit('camera.changed', camera)
        return Promise.resolve(camera)
      },
    }),
    route({
      ...open,
      method: 'DELETE',
      path: '/api/cameras/:id',
      needs: 'cameras.edit',
      params: idParams,
      reply: done,
      run: ({ params: { id } }) => {
        data.cameras.splice(data.cameras.indexOf(find(data.cameras, id)), 1)
        bus.emit('camera.removed', { id })
        return Promise.resolve({ ok: true as const })
      },
    }),
    route({
      ...open,
      method: 'GET',
      path: '/api/cameras/:id/still.jpg',
      needs: 'cameras.view',
      params: idParams,
      reply: 'bytes',
      run: async ({ params }) => {
        const camera = find(data.cameras, params.id)
        if (camera.lastFrameAt === null) throw new LaresError('unavailable', `${camera.name} sends no pictures.`)
        const body = await drawScene(data.places.get(camera.id) ?? 'door')
        return { kind: 'bytes' as const, body, contentType: 'image/jpeg', cacheS: 0 }
      },
    }),
  ]
}

/** Where the made clip lies in the data folder. */
export const CLIP_PATH = 'media/clip.mp4'

const bytesParams = {
  params: idParams,
  reply: 'bytes' as const,
  needs: 'incidents.view' as const,
  method: 'GET' as const,
}

function incidentRoutes({ state, bus }: Deps): Route[] {
  const { data } = state
  return [
    route({
      ...open,
      method: 'GET',
      path: '/api/incidents',
      needs: 'incidents.view',
      query: incidents.incidentsQuery,
      reply: incidents.incidentsReply,
      run: ({ query }) => {
        const all = data.incidents
          .filter(({ camera }) => !query.camera || camera.id === query.camera)
          .filter(({ classes }) => !query.class || classes.some((each) => each.class === query.class))
          .filter(({ reviewedAt }) => !query.reviewed || (query.reviewed === 'yes') === (reviewedAt !== null))
          .sort((a, b) => b.openedAt - a.openedAt)
        const from = Number(query.cursor ?? 0)
        const page = all.slice(from, from + query.limit).map(({ tracks: _, ...incident }) => incident)
        const next = from + query.limit
        const unreviewed = data.incidents.filter(({ reviewedAt }) => reviewedAt === null).length
        return Promise.resolve({ incidents: page, nextCursor: next < all.length ? String(next) : null, unreviewed })
      },
    }),
    route({
      ...open,
      method: 'GET',
      path: '/api/incidents/:id',
      needs: 'incidents.view',
      params: idParams,
      reply: incidents.incidentDetail,
      run: ({ params }) => Promise.resolve(find(data.incidents, params.id)),
    }),
    route({
      ...open,
      method: 'PUT',
      path: '/api/incidents/:id/review',
      needs: 'incidents.review',
      params: idParams,
      body: incidents.reviewBody,
      reply: incidents.incident,
      run: ({ params, body: { feedback } }) => {
        const incident = find(data.incidents, params.id)
        Object.assign(incident, { feedback, reviewedAt: feedback ? Date.now() : null })
        const { tracks: _, ...reply } = incident
        bus.emit('incident.changed', { change: 'reviewed', incident: reply })
        return Promise.resolve(reply)
      },
    }),
    route({
      ...open,
      ...bytesParams,
      path: '/api/incidents/:id/snapshot.jpg',
      run: async ({ params }) => {
        const place = data.places.get(find(data.incidents, params.id).camera.id) ?? 'door'
        return {
          kind: 'bytes' as const,
          body: await drawScene(place, { personAt: 0.3 }),
          contentType: 'image/jpeg',
          cacheS: 60,
        }
      },
    }),
    route({
      ...open,
      ...bytesParams,
      path: '/api/incidents/:id/clip.mp4',
      run: () => {
        if (!state.knobs.clip) throw new LaresError('not-found', 'There is no clip.')
        return Promise.resolve({ kind: 'file' as const, path: CLIP_PATH, contentType: 'video/mp4', cacheS: 60 })
      },
    }),
  ]
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function plugRoutes({ state, bus }: Deps): Route[] {
  const { data, knobs } = state
  return [
    route({
      ...open,
      method: 'GET',
      path: '/api/plugs',
      needs: 'devices.view',
      reply: plugs.plugsReply,
      run: () => Promise.resolve({ plugs: data.plugs }),
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/plugs/discover',
      needs: 'devices.edit',
      reply: plugs.discoverPlugsReply,
      run: () => Promise.resolve({ found: data.plugs.length, added: 0, plugs: data.plugs }),
    }),
    route({
      ...open,
      method: 'PATCH',
      path: '/api/plugs/:id',
      needs: 'devices.edit',
      params: idParams,
      body: plugs.changePlugBody,
      reply: plugs.plug,
      run: ({ params, body }) => Promise.resolve(Object.assign(find(data.plugs, params.id), body)),
    }),
    route({
      ...open,
      method: 'DELETE',
      path: '/api/plugs/:id',
      needs: 'devices.edit',
      params: idParams,
      reply: done,
      run: ({ params: { id } }) => {
        data.plugs.splice(data.plugs.indexOf(find(data.plugs, id)), 1)
        bus.emit('plug.removed', { id })
        return Promise.resolve({ ok: true as const })
      },
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/plugs/:id/switch',
      needs: 'devices.control',
      params: idParams,
      body: plugs.switchPlugBody,
      reply: plugs.plug,
      run: async ({ params, body }) => {
        const plug = find(data.plugs, params.id)
        await pause(knobs.switchDelayMs)
        if (knobs.switchFails) throw new LaresError('unavailable', `${plug.name} does not answer.`)
        Object.assign(plug, { on: body.on })
        bus.emit('plug.changed', plug)
        return plug
      },
    }),
  ]
}

/** A VAPID key that no push service knows; the browser of the tests never reaches one. */
const PUSH_KEY = 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM'

function pushRoutes({ state }: Deps): Route[] {
  const { data } = state
  return [
    route({
      ...open,
      method: 'GET',
      path: '/api/push/key',
      needs: 'signed-in',
      reply: alerts.pushKeyReply,
      run: () => Promise.resolve({ publicKey: PUSH_KEY }),
    }),
    route({
      ...open,
      method: 'GET',
      path: '/api/push/targets',
      needs: 'signed-in',
      reply: alerts.pushTargetsReply,
      run: () => Promise.resolve({ targets: data.targets }),
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/push/targets',
      needs: 'signed-in',
      body: alerts.subscribeBody,
      reply: alerts.pushTarget,
      run: ({ body }) => {
        const target = {
          id: randomUUID(),
          label: body.label ?? 'Browser',
          createdAt: Date.now(),
          lastDeliveredAt: null,
          problem: null,
          own: true,
        }
        data.targets.push(target)
        return Promise.resolve(target)
      },
    }),
    route({
      ...open,
      method: 'DELETE',
      path: '/api/push/targets/:id',
      needs: 'signed-in',
      params: idParams,
      reply: done,
      run: ({ params: { id } }) => {
        data.targets.splice(data.targets.indexOf(find(data.targets, id)), 1)
        return Promise.resolve({ ok: true as const })
      },
    }),
    route({
      ...open,
      method: 'POST',
      path: '/api/push/test',
      needs: 'signed-in',
      reply: alerts.testPushReply,
      run: () => {
        state.testPushes += 1
        return Promise.resolve({
          sent: data.targets.length,
          failed: [{ label: 'Old tablet', reason: 'It no longer accepts notifications.' }],
        })
      },
    }),
  ]
}

function systemRoutes({ state }: Deps): Route[] {
  const { data } = state
  return [
    route({
      ...open,
      method: 'GET',
      path: '/api/health',
      needs: 'system.view',
      reply: system.healthReply,
      run: () =>
        Promise.resolve({
          status: data.notices.length === 0 ? ('ok' as const) : ('attention' as const),
          version: '0.1.0',
          startedAt: Date.now() - 86_400_000,
          boxTime: Date.now(),
          notices: data.notices,
          parts: [
            { name: 'Cameras', state: '3 of 4 live', detail: 'Hall stopped sending pictures.' },
            { name: 'Detector', state: 'Ready', detail: '' },
          ],
        }),
    }),
    route({
      ...open,
      method: 'GET',
      path: '/api/hardware',
      needs: 'system.view',
      reply: system.hardwareReply,
      run: () => Promise.resolve(HARDWARE),
    }),
    route({
      ...open,
      method: 'GET',
      path: '/api/trust',
      needs: 'system.view',
      reply: system.trustReply,
      run: () =>
        Promise.resolve({
          names: ['lares.local'],
          addresses: ['192.168.1.2'],
          rootFingerprint: Array.from({ length: 32 }, (_, byte) =>
            (byte * 7).toString(16).padStart(2, '0').toUpperCase(),
          ).join(':'),
          leafExpiresAt: Date.now() + 300 * 86_400_000,
          rootExpiresAt: Date.now() + 3_600 * 86_400_000,
          trustPage: 'http://lares.local:8480/',
        }),
    }),
    route({
      ...open,
      method: 'GET',
      path: '/api/settings/home',
      needs: 'system.view',
      reply: system.homeSettings,
      run: () => Promise.resolve(data.settings),
    }),
    route({
      ...open,
      method: 'PUT',
      path: '/api/settings/home',
      needs: 'system.edit',
      body: system.homeSettings,
      reply: system.homeSettings,
      run: ({ body }) => Promise.resolve((data.settings = body)),
    }),
  ]
}
