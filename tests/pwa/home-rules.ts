// Rules, modes and presence of the home of plain objects.
import { randomUUID } from 'node:crypto'
import * as api from '../../appliance/src/api/alert-rules.ts'
import { done, idParams } from '../../appliance/src/api/common.ts'
import * as modes from '../../appliance/src/api/modes.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { OWNER, find, open } from './home-state.ts'
import type { HomeDeps, HomeState } from './home-state.ts'

export interface HomeRules {
  rules: api.AlertRule[]
  quiet: api.QuietHours
  snoozes: api.Snooze[]
  decisions: api.AlertDecision[]
  watches: Map<string, api.PlugWatch>
  mode: modes.ModeState
  options: modes.ModeOptions
  presence: modes.Presence
  /** What a rule is tried with: how many it would have told. */
  trialTells: number
}

const ANY: api.AlertRuleBody = {
  ...{ enabled: true, classes: ['person'], cameras: [], zones: [], modes: ['home'], times: null, minBand: 'low' },
  ...{ dwellS: 0, cooldownS: 600, throughQuiet: false, people: [], channels: [], lightPlugId: null },
}

function rule(change: Partial<api.AlertRuleBody>): api.AlertRule {
  return { ...ANY, ...change, id: randomUUID(), createdAt: 0, updatedAt: 0, words: 'A rule.' }
}

function makeRules(): HomeRules {
  const now = Date.now()
  const ada = randomUUID()
  const ben = randomUUID()
  return {
    rules: [
      rule({}),
      rule({ modes: ['away', 'night'], throughQuiet: true }),
      rule({ classes: ['car', 'motorcycle', 'truck'], modes: ['away', 'night'], minBand: 'medium' }),
      rule({ classes: [], modes: ['home', 'away', 'night'], minBand: 'critical', enabled: false }),
    ],
    quiet: { times: null },
    snoozes: [],
    decisions: [
      {
        ...{ at: now - 30_000, ruleId: null, rule: 'When a person is seen on any camera, at home', outcome: 'told' },
        ...{ code: 'fits', reason: 'The rule fits.', people: ['Ada', 'Ben'] },
      },
      {
        ...{ at: now - 30_000, ruleId: null, rule: 'When anything is seen on any camera, alarms only' },
        ...{ outcome: 'not-told', code: 'below-band', people: [] },
        reason: 'Its risk is medium; the rule begins at critical.',
      },
    ],
    watches: new Map(),
    mode: { mode: 'home', since: now - 7_200_000, by: { cause: 'tap', name: 'Ada' }, next: null },
    options: {
      ...{ exitDelayS: 45, entryDelayS: 45, entryCameras: [], awayWhenEmpty: false, homeWhenBack: false },
      ...{ awayAfterMin: 10, schedule: [] },
    },
    presence: {
      people: [
        { userId: ada, name: 'Ada', state: 'home', since: now - 3_600_000 },
        { userId: ben, name: 'Ben', state: 'away', since: now - 1_800_000 },
      ],
      devices: [
        {
          ...{ id: randomUUID(), userId: ada, kind: 'wifi', label: 'Ada’s phone', address: '192.168.1.23', own: true },
          ...{ state: 'home', since: now - 3_600_000, seenAt: now - 40_000 },
        },
      ],
    },
    trialTells: 2,
  }
}

const made = new WeakMap<HomeState, HomeRules>()

export function rulesOf(state: HomeState): HomeRules {
  const known = made.get(state) ?? makeRules()
  made.set(state, known)
  return known
}

export function ruleRoutes(deps: HomeDeps): Route[] {
  return [...rulesRoutes(deps), ...peaceRoutes(deps), ...modeRoutes(deps), ...presenceRoutes(deps)]
}

function rulesRoutes({ state }: HomeDeps): Route[] {
  const home = rulesOf(state)
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/alerts/rules', needs: 'incidents.view', reply: api.alertRulesReply },
      run: async () => ({ rules: home.rules }),
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/alerts/rules', needs: 'system.edit' },
      ...{ body: api.alertRuleBody, reply: api.alertRule },
      async run({ body }) {
        const added = rule(body)
        home.rules.push(added)
        return added
      },
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/alerts/rules/try', needs: 'incidents.view' },
      ...{ body: api.trialBody, reply: api.trialReply },
      async run() {
        const told = state.data.incidents.slice(0, home.trialTells).map((incident) => ({
          ...{ incidentId: incident.id, at: incident.openedAt, urgency: 'high' as const },
          ...{ title: `Person at ${incident.camera.name}`, pictureUrl: incident.snapshot?.url ?? null },
        }))
        const notTold = [{ code: 'other-class', words: 'The rule is about something else.', count: 3 }]
        const span = { from: Date.now() - 604_800_000, to: Date.now(), looked: state.data.incidents.length }
        return { ...span, complete: true, toldCount: told.length, told, notTold }
      },
    }),
    route({
      ...{ ...open, method: 'PUT', path: '/api/alerts/rules/:id', needs: 'system.edit', params: idParams },
      ...{ body: api.alertRuleBody, reply: api.alertRule },
      run: async ({ params, body }) => Object.assign(find(home.rules, params.id), body),
    }),
    route({
      ...{
        ...open,
        method: 'DELETE',
        path: '/api/alerts/rules/:id',
        needs: 'system.edit',
        params: idParams,
        reply: done,
      },
      async run({ params: { id } }) {
        home.rules.splice(home.rules.indexOf(find(home.rules, id)), 1)
        return { ok: true as const }
      },
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/incidents/:id/alerts', needs: 'incidents.view', params: idParams },
      ...{ reply: api.alertDecisionsReply, run: async () => ({ decisions: home.decisions }) },
    }),
  ]
}

function peaceRoutes({ state }: HomeDeps): Route[] {
  const home = rulesOf(state)
  const others = (cameraId: string | null) => home.snoozes.filter((each) => each.cameraId !== cameraId)
  const watch = { ...open, path: '/api/plugs/:id/watch', params: idParams, reply: api.plugWatchReply } as const
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/alerts/quiet-hours', needs: 'incidents.view', reply: api.quietHours },
      run: async () => home.quiet,
    }),
    route({
      ...{ ...open, method: 'PUT', path: '/api/alerts/quiet-hours', needs: 'system.edit' },
      ...{ body: api.quietHours, reply: api.quietHours },
      run: async ({ body }) => (home.quiet = body),
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/alerts/snoozes', needs: 'signed-in', reply: api.snoozesReply },
      run: async () => ({ snoozes: home.snoozes }),
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/alerts/snoozes', needs: 'incidents.view' },
      ...{ body: api.snoozeBody, reply: api.snoozesReply },
      async run({ body: { cameraId, minutes } }) {
        const until = Date.now() + minutes * 60_000
        home.snoozes = [...others(cameraId), { cameraId, until, by: OWNER.displayName, own: true }]
        return { snoozes: home.snoozes }
      },
    }),
    route({
      ...{ ...open, method: 'DELETE', path: '/api/alerts/snoozes', needs: 'signed-in' },
      ...{ body: api.endSnoozeBody, reply: api.snoozesReply },
      run: async ({ body: { cameraId } }) => ({ snoozes: (home.snoozes = others(cameraId)) }),
    }),
    route({
      ...{ ...watch, method: 'GET', needs: 'devices.view' },
      run: async ({ params }) => ({ watch: home.watches.get(params.id) ?? null }),
    }),
    route({
      ...{ ...watch, method: 'PUT', needs: 'devices.edit', body: api.plugWatch },
      async run({ params, body }) {
        home.watches.set(params.id, body)
        return { watch: body }
      },
    }),
    route({
      ...{ ...watch, method: 'DELETE', needs: 'devices.edit' },
      async run({ params }) {
        home.watches.delete(params.id)
        return { watch: null }
      },
    }),
  ]
}

function modeRoutes({ state, bus }: HomeDeps): Route[] {
  const home = rulesOf(state)
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/mode', needs: 'incidents.view', reply: modes.modeState },
      run: async () => home.mode,
    }),
    route({
      ...{ ...open, method: 'PUT', path: '/api/mode', needs: 'modes.control' },
      ...{ body: modes.setModeBody, reply: modes.modeState },
      async run({ body: { mode, now } }) {
        const by = { cause: 'tap' as const, name: OWNER.displayName }
        const at = Date.now()
        const waits = mode === 'away' && home.mode.mode !== 'away' && now !== true
        if (waits) home.mode = { ...home.mode, next: { mode, at: at + home.options.exitDelayS * 1_000, by } }
        else home.mode = { mode, since: mode === home.mode.mode ? home.mode.since : at, by, next: null }
        bus.emit('mode.changed', home.mode)
        return home.mode
      },
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/mode/options', needs: 'incidents.view', reply: modes.modeOptions },
      run: async () => home.options,
    }),
    route({
      ...{ ...open, method: 'PUT', path: '/api/mode/options', needs: 'system.edit' },
      ...{ body: modes.modeOptions, reply: modes.modeOptions },
      run: async ({ body }) => (home.options = body),
    }),
  ]
}

function presenceRoutes({ state }: HomeDeps): Route[] {
  const { presence } = rulesOf(state)
  const device = { ...open, path: '/api/presence/devices/:id', needs: 'session', params: idParams } as const
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/presence', needs: 'incidents.view', reply: modes.presencePeople },
      run: async () => ({ people: presence.people }),
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/presence/devices', needs: 'session', reply: modes.presenceReply },
      run: async () => presence,
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/presence/devices', needs: 'session' },
      ...{ body: modes.addPresenceDeviceBody, reply: modes.presenceReply },
      async run({ body }) {
        const address = body.kind === 'wifi' ? body.address : null
        const kept = { id: randomUUID(), userId: presence.people[0]?.userId ?? randomUUID(), own: true, address }
        presence.devices.push({
          ...kept,
          kind: body.kind,
          label: body.label,
          state: 'unknown',
          since: null,
          seenAt: null,
        })
        return presence
      },
    }),
    route({
      ...{ ...device, method: 'DELETE', reply: modes.presenceReply },
      async run({ params: { id } }) {
        presence.devices.splice(presence.devices.indexOf(find(presence.devices, id)), 1)
        return presence
      },
    }),
    route({
      ...{ ...device, method: 'PUT', body: modes.presenceSayBody, reply: modes.presenceReply },
      async run({ params, body }) {
        Object.assign(find(presence.devices, params.id), { state: body.state, since: Date.now() })
        return presence
      },
    }),
  ]
}
