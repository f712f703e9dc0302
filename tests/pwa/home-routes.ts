// What the app talks to in these tests: the product's own door and schemas, with a home made of plain objects behind it.
import { randomUUID } from 'node:crypto'
import * as alerts from '../../appliance/src/api/alerts.ts'
import { done, idParams } from '../../appliance/src/api/common.ts'
import * as system from '../../appliance/src/api/system.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { accessRoutes } from './home-access.ts'
import { accountRoutes } from './home-account.ts'
import { alertRoutes } from './home-alerts.ts'
import { ruleRoutes } from './home-rules.ts'
import { certificateRoutes } from './home-certificates.ts'
import { remoteAccessRoutes } from './home-remote-access.ts'
import { hardwareRoutes } from './home-hardware.ts'
import { cameraRoutes, incidentRoutes } from './home-cameras.ts'
import { networkRoutes } from './home-network.ts'
import { findingRoutes } from './home-finding.ts'
import { plugHomeRoutes } from './home-plug-home.ts'
import { plugRoutes } from './home-plugs.ts'
import { zoneRoutes } from './home-zones.ts'
import { sessionRoutes, setupRoutes } from './home-people.ts'
import { riskRoutes } from './home-risk.ts'
import { reviewRoutes } from './home-review.ts'
import { viewRoutes } from './home-views.ts'
import { updateRoutes } from './home-updates.ts'
import { uploadRoutes } from './home-uploads.ts'
import { find, open } from './home-state.ts'
import type { HomeDeps } from './home-state.ts'

export function homeRoutes(deps: HomeDeps): Route[] {
  return [
    ...setupRoutes(deps),
    ...sessionRoutes(deps),
    ...accountRoutes(deps),
    ...placeRoutes(deps),
    ...accessRoutes(deps),
  ]
}

/** The house itself, without anybody who lives in it: also behind the real accounts. */
export function placeRoutes(deps: HomeDeps): Route[] {
  return [
    ...findingRoutes(deps),
    ...cameraRoutes(deps),
    ...viewRoutes(deps),
    ...uploadRoutes(),
    ...zoneRoutes(deps),
    ...incidentRoutes(deps),
    ...riskRoutes(deps),
    ...reviewRoutes(deps),
    ...plugRoutes(deps),
    ...plugHomeRoutes(deps),
    ...pushRoutes(deps),
    ...alertRoutes(deps),
    ...ruleRoutes(deps),
    ...systemRoutes(deps),
    ...certificateRoutes(deps),
    ...remoteAccessRoutes(deps),
    ...hardwareRoutes(deps),
    ...networkRoutes(deps),
    ...updateRoutes(deps),
  ]
}

/** A VAPID key that no push service knows; the browser of the tests never reaches one. */
const PUSH_KEY = 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM'

function pushRoutes({ state }: HomeDeps): Route[] {
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
          lastShownAt: null,
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

function systemRoutes({ state }: HomeDeps): Route[] {
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
