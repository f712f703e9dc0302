// How alerts travel from the fake home: channels, what was told, and what notifications may ask.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import * as api from '../../appliance/src/api/alerts.ts'
import * as channelsApi from '../../appliance/src/api/channels.ts'
import { done, id, idParams } from '../../appliance/src/api/common.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { find, open } from './home-state.ts'
import type { HomeDeps, HomeState } from './home-state.ts'

export interface HomeAlerts {
  channels: channelsApi.AlertChannel[]
  told: api.ToldNotice[]
  /** What notifications asked, in order: `shown ID`, `opened ID`, `expected ID`. */
  asked: string[]
  /** What was stored of a secret, last. */
  secret: string | null
  testWorks: boolean
}

const known = new WeakMap<HomeState, HomeAlerts>()

export function alertsOf(state: HomeState): HomeAlerts {
  let alerts = known.get(state)
  if (!alerts) known.set(state, (alerts = makeAlerts(state)))
  return alerts
}

const notSetUp = { settings: null, enabled: false, hasSecret: false, lastSentAt: null, problem: null, state: null }

function makeAlerts({ data }: HomeState): HomeAlerts {
  const now = Date.now()
  const mqtt = { url: 'mqtts://broker.lan:8883', username: 'lares', prefix: 'lares', discovery: true }
  return {
    channels: [
      { id: 'email', ...notSetUp },
      { id: 'webhook', ...notSetUp },
      {
        ...{ id: 'mqtt', enabled: true, hasSecret: true, lastSentAt: now - 60_000, problem: null, state: 'Connected' },
        settings: { ...mqtt, discoveryPrefix: 'homeassistant', allowControl: false, ca: '' },
      },
      {
        ...{ id: 'ntfy', enabled: true, hasSecret: true, lastSentAt: null, state: null },
        ...{ problem: 'The ntfy server does not let Lares in (403): check the password or token.' },
        settings: { server: 'https://ntfy.sh', topic: 'our-home-2841', allowHome: false, ca: '' },
      },
    ],
    told: data.incidents.flatMap((incident) => tellingOf(incident.id, incident.camera.id, incident.openedAt)),
    ...{ asked: [], secret: null, testWorks: true },
  }
}

function tellingOf(incidentId: string, cameraId: string, at: number): api.ToldNotice[] {
  const row = (change: Partial<api.NoticeDelivery>): api.NoticeDelivery => ({
    ...{ id: randomUUID(), channel: 'push', label: 'Chrome on Android', person: 'Ada', state: 'sent', attempts: 1 },
    ...{ sentAt: at, shownAt: null, openedAt: null, acted: null, actedAt: null, reason: null },
    ...change,
  })
  return [
    {
      ...{ id: randomUUID(), at, kind: 'incident', state: 'opened', incidentId, cameraId, urgency: 'high' },
      ...{ title: 'Person at Front door', body: 'Seen at 14:02. Tap to look.', reason: 'An incident opened.' },
      deliveries: [
        row({ shownAt: at + 1_000, openedAt: at + 60_000, acted: 'expected' }),
        row({ label: 'Safari on iPhone', person: 'Ben', shownAt: at + 2_000 }),
        row({
          ...{ channel: 'email', label: 'elisabeth@example.org', person: 'Grandma Elisabeth', state: 'failed' },
          ...{ sentAt: null, reason: 'The mail server cannot be found. Is its name right?' },
        }),
      ],
    },
  ]
}

export function alertRoutes(deps: HomeDeps): Route[] {
  return [...channelRoutes(deps), ...toldRoutes(deps), ...askedRoutes(deps)]
}

function channelRoutes({ state }: HomeDeps): Route[] {
  const alerts = alertsOf(state)
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/alerts/channels', needs: 'system.view' },
      reply: channelsApi.channelsReply,
      run: () => Promise.resolve({ channels: alerts.channels }),
    }),
    route({
      ...{ ...open, method: 'PUT', path: '/api/alerts/channels/:id', needs: 'system.edit', sudo: true },
      ...{ params: channelsApi.channelParams, body: channelsApi.changeChannelBody, reply: channelsApi.alertChannel },
      run({ params, body: { settings, enabled, secret } }) {
        const channel = find(alerts.channels, params.id)
        const parsed = channelsApi.channelSettings(params.id).parse(settings)
        Object.assign(channel, { settings: parsed, enabled, problem: null, hasSecret: channel.hasSecret || !!secret })
        if (secret !== undefined) alerts.secret = secret
        return Promise.resolve(channel)
      },
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/alerts/channels/:id/test', needs: 'system.edit' },
      ...{ params: channelsApi.channelParams, reply: channelsApi.testChannelReply },
      run: () =>
        Promise.resolve(
          alerts.testWorks
            ? { ok: true, words: 'The mail server took a test mail for every address.' }
            : { ok: false, words: 'The mail server does not take the name and password.' },
        ),
    }),
  ]
}

function toldRoutes({ state }: HomeDeps): Route[] {
  const alerts = alertsOf(state)
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/alerts/history', needs: 'incidents.view' },
      ...{ query: api.toldQuery, reply: api.toldReply },
      run: ({ query: { incident } }) =>
        Promise.resolve({
          notices: alerts.told.filter((notice) => incident === undefined || notice.incidentId === incident),
          next: null,
        }),
    }),
  ]
}

/** What notifications may ask with their signed paths. */
function askedRoutes({ state }: HomeDeps): Route[] {
  const { asked } = alertsOf(state)
  const report = (what: 'shown' | 'opened') =>
    route({
      ...{ ...open, method: 'POST', path: `/api/alerts/told/:id/${what}`, needs: 'signed-link' },
      ...{ params: idParams, reply: done },
      run({ params }) {
        asked.push(`${what} ${params.id}`)
        return Promise.resolve({ ok: true as const })
      },
    })
  return [
    report('shown'),
    report('opened'),
    route({
      ...{ ...open, method: 'POST', path: '/api/alerts/told/:id/act/:action', needs: 'signed-link' },
      ...{ params: z.strictObject({ id, action: api.noticeAction }), reply: api.actReply },
      run({ params }) {
        asked.push(`${params.action} ${params.id}`)
        return Promise.resolve({ title: 'Marked as expected', body: 'Lares learns from it.' })
      },
    }),
  ]
}
