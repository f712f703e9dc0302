// The plugs of the fake home: state of plain objects, countdowns and schedules included.
import { done, idParams } from '../../appliance/src/api/common.ts'
import { powerCurve, powerCurveQuery } from '../../appliance/src/api/energy.ts'
import type { PowerCurvePoint } from '../../appliance/src/api/energy.ts'
import * as plugs from '../../appliance/src/api/plugs.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { find, open } from './home-state.ts'
import type { HomeDeps } from './home-state.ts'
import { plug as makePlug } from './home-data.ts'
import { drawScene } from './scene.ts'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const view = { ...open, needs: 'devices.view' as const }
const edit = { ...open, needs: 'devices.edit' as const }
const control = { ...open, needs: 'devices.control' as const }
const ok = { ok: true as const }

export function plugRoutes(deps: HomeDeps): Route[] {
  return [...listRoutes(deps), ...findRoutes(deps), ...wordRoutes(deps), ...controlRoutes(deps), ...ruleRoutes(deps)]
}

const notes = new WeakMap<plugs.Plug, string>()
const leds = new WeakMap<plugs.Plug, boolean>()

function detailOf(plug: plugs.Plug): plugs.PlugDetail {
  const now = Date.now()
  const addresses = [
    { host: plug.host, firstSeenAt: now - 86_400_000, lastSeenAt: now },
    { host: '192.168.1.77', firstSeenAt: now - 30 * 86_400_000, lastSeenAt: now - 86_400_000 },
  ]
  return {
    ...plug,
    ...{ notes: notes.get(plug) ?? '', firmware: '1.4.8 Build 251104', hardware: '1.0', rssiDbm: -58 },
    ...{ encryption: plug.strip ? 'tpap' : 'xor', usesAccount: plug.strip !== null, ledOn: leds.get(plug) ?? true },
    addresses,
  }
}

function listRoutes({ state: { data } }: HomeDeps): Route[] {
  return [
    route({
      ...{ ...view, method: 'GET', path: '/api/plugs', reply: plugs.plugsReply },
      run: () => Promise.resolve({ plugs: data.plugs }),
    }),
    route({
      ...{ ...view, method: 'GET', path: '/api/plugs/:id', params: idParams, reply: plugs.plugDetail },
      run: ({ params }) => Promise.resolve(detailOf(find(data.plugs, params.id))),
    }),
    route({
      ...{ ...view, method: 'GET', path: '/api/plugs/:id/power', params: idParams },
      ...{ query: powerCurveQuery, reply: powerCurve },
      run: ({ params, query }) => Promise.resolve(madeCurve(find(data.plugs, params.id), query.hours)),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/plugs/:id/diagnose', params: idParams, reply: plugs.plugDiagnosis },
      run: ({ params }) => {
        const { reachable, problem } = find(data.plugs, params.id)
        const finding = {
          code: 'OFFLINE',
          words: 'Nothing answers at this address.',
          whatToDo: 'Is the plug in its socket, and the socket on?',
        }
        return Promise.resolve({ ok: reachable, problem, findings: reachable ? [] : [finding] })
      },
    }),
  ]
}

const STEP_MS = 300_000

/** A day with a quiet night, a gap and a busy evening. */
function madeCurve(plug: plugs.Plug, hours: number) {
  const to = Math.ceil(Date.now() / STEP_MS) * STEP_MS
  const count = (hours * 3_600_000) / STEP_MS
  const from = to - count * STEP_MS
  const base = plug.reading?.powerMw ?? 40_000
  const points = Array.from({ length: count }, (_, slot): PowerCurvePoint => {
    const at = from + slot * STEP_MS
    if (slot > 100 && slot < 130) return { at, meanMw: null, maxMw: null, energyMwh: 0, quality: [] }
    const meanMw = Math.round(base * (0.6 + 0.4 * Math.sin(slot / 9)) + (slot % 40 === 0 ? base : 0))
    return { at, meanMw, maxMw: meanMw + 4_000, energyMwh: Math.round(meanMw / 12), quality: ['measured'] }
  })
  const energyMwh = points.reduce((sum, point) => sum + point.energyMwh, 0)
  return { plugId: plug.id, from, to, stepMs: STEP_MS, points, energyMwh }
}

function findRoutes({ state, bus }: HomeDeps): Route[] {
  const { data, knobs } = state
  let scan: plugs.PlugScan = { state: 'idle', range: null, asked: 0, total: 0, result: null, problem: null }
  const waiting = (): plugs.WaitingPlug[] =>
    Array.from({ length: data.plugAccounts.length > 0 ? 0 : knobs.waitingPlugs }, (_, index) => ({
      ...{ mac: `50:C7:BF:00:99:0${String(index)}`, model: 'P110M(EU)', host: `192.168.1.9${String(index)}` },
      problem: 'The plug wants the TP-Link account that it was set up with.',
      ...{ problemCode: 'NEEDS_ACCOUNT', wantsAccount: true },
    }))
  const letIn = (): plugs.Plug[] => {
    if (data.plugAccounts.length === 0 || knobs.waitingPlugs === 0) return []
    knobs.waitingPlugs -= 1
    const plug = makePlug('Washing machine', { model: 'P110M(EU)' })
    data.plugs.push(plug)
    bus.emit('plug.changed', plug)
    return [plug]
  }
  const found = (added: number) => ({
    ...{ found: data.plugs.length + waiting().length, added, plugs: data.plugs, waiting: waiting() },
  })
  return [
    route({
      ...{ ...edit, method: 'POST', path: '/api/plugs/discover', reply: plugs.discoverPlugsReply },
      run: () => Promise.resolve(found(letIn().length)),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/plugs', body: plugs.addPlugBody, reply: plugs.addPlugReply },
      run: async ({ body }) => {
        if (body.host.endsWith('.9')) throw new LaresError('unavailable', `Nothing answers at ${body.host}.`)
        const plug = makePlug('Heater', { host: body.host })
        data.plugs.push(plug)
        bus.emit('plug.changed', plug)
        return { plugs: [plug] }
      },
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/plugs/scan', body: plugs.scanPlugsBody, reply: plugs.plugScan },
      run: async ({ body }) => {
        if (!body.range.includes('/')) {
          const words = `${body.range} is no range of addresses.`
          throw new LaresError('invalid', words, { details: { range: words } })
        }
        return (scan = { ...scan, state: 'running', range: body.range, asked: 100, total: 254, result: null })
      },
    }),
    route({
      ...{ ...edit, method: 'GET', path: '/api/plugs/scan', reply: plugs.plugScan },
      run: async () => {
        const now = scan
        if (scan.state === 'running') scan = { ...scan, state: 'done', asked: 254, result: found(0) }
        return now
      },
    }),
  ]
}

function wordRoutes({ state: { data }, bus }: HomeDeps): Route[] {
  return [
    route({
      ...{ ...edit, method: 'PATCH', path: '/api/plugs/:id', params: idParams },
      ...{ body: plugs.changePlugBody, reply: plugs.plug },
      run: ({ params, body: { notes: words, ...body } }) => {
        const plug = find(data.plugs, params.id)
        if (words !== undefined) notes.set(plug, words)
        Object.assign(plug, body)
        bus.emit('plug.changed', plug)
        return Promise.resolve(plug)
      },
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/plugs/:id', params: idParams, reply: done },
      run: ({ params: { id } }) => {
        data.plugs.splice(data.plugs.indexOf(find(data.plugs, id)), 1)
        bus.emit('plug.removed', { id })
        return Promise.resolve(ok)
      },
    }),
    route({
      ...{ ...edit, method: 'PUT', path: '/api/plugs/:id/picture', params: idParams, maxBodyBytes: 6_000_000 },
      ...{ body: plugs.plugPictureBody, reply: plugs.plug },
      run: ({ params: { id } }) =>
        Promise.resolve(Object.assign(find(data.plugs, id), { picture: `/api/plugs/${id}/picture.jpg` })),
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/plugs/:id/picture', params: idParams, reply: plugs.plug },
      run: ({ params: { id } }) => Promise.resolve(Object.assign(find(data.plugs, id), { picture: null })),
    }),
    route({
      ...{ ...view, method: 'GET', path: '/api/plugs/:id/picture.jpg', params: idParams, reply: 'bytes' },
      run: async () => ({
        ...{ kind: 'bytes' as const, body: await drawScene('door'), contentType: 'image/jpeg', cacheS: 0 },
      }),
    }),
  ]
}

function controlRoutes({ state, bus }: HomeDeps): Route[] {
  const { data, knobs } = state
  const told = async (id: string, change: Partial<plugs.Plug>): Promise<plugs.Plug> => {
    const plug = find(data.plugs, id)
    await pause(knobs.switchDelayMs)
    if (knobs.switchFails) throw new LaresError('unavailable', `${plug.name} does not answer.`)
    Object.assign(plug, change)
    bus.emit('plug.changed', plug)
    return plug
  }
  return [
    route({
      ...{ ...control, method: 'POST', path: '/api/plugs/:id/switch', params: idParams },
      ...{ body: plugs.switchPlugBody, reply: plugs.plug },
      run: ({ params, body }) => told(params.id, { on: body.on }),
    }),
    route({
      ...{ ...control, method: 'PUT', path: '/api/plugs/:id/brightness', params: idParams },
      ...{ body: plugs.brightnessBody, reply: plugs.plug },
      run: ({ params, body }) => told(params.id, body),
    }),
    route({
      ...{ ...edit, method: 'PUT', path: '/api/plugs/:id/led', params: idParams, body: plugs.ledBody, reply: done },
      run: async ({ params, body }) => {
        if (knobs.switchFails) throw new LaresError('unavailable', 'It does not answer.')
        leds.set(find(data.plugs, params.id), body.on)
        return ok
      },
    }),
  ]
}

function ruleRoutes(_deps: HomeDeps): Route[] {
  const countdowns = new Map<string, plugs.PlugCountdown>()
  const schedules = new Map<string, plugs.PlugSchedule[]>()
  const [countdownPath, path] = ['/api/plugs/:id/countdown', '/api/plugs/:id/schedules']
  const rulesOf = (id: string): plugs.PlugSchedule[] =>
    schedules.get(id) ?? [
      {
        ...{ id: 'r1', name: 'Evening', enabled: true, on: true, onDate: null, weekdays: ['mon', 'tue', 'fri'] },
        at: { kind: 'sunset', offsetMin: -20 },
      },
    ]
  const keep = (id: string, rules: plugs.PlugSchedule[]) => {
    schedules.set(id, rules)
    return Promise.resolve({ canEdit: true, schedules: rules })
  }
  const rules = { reply: plugs.plugSchedulesReply }
  return [
    route({
      ...{ ...view, method: 'GET', path: countdownPath, params: idParams, reply: plugs.countdownReply },
      run: ({ params: { id } }) => Promise.resolve({ countdown: countdowns.get(id) ?? null }),
    }),
    route({
      ...{ ...control, method: 'PUT', path: countdownPath, params: idParams },
      ...{ body: plugs.countdownBody, reply: plugs.countdownReply },
      run: ({ params: { id }, body }) => {
        const countdown = { ...body, endsAt: Date.now() + body.durationS * 1_000 }
        countdowns.set(id, countdown)
        return Promise.resolve({ countdown })
      },
    }),
    route({
      ...{ ...control, method: 'DELETE', path: countdownPath, params: idParams, reply: done },
      run: ({ params: { id } }) => {
        countdowns.delete(id)
        return Promise.resolve(ok)
      },
    }),
    route({
      ...{ ...view, ...rules, method: 'GET', path, params: idParams },
      run: ({ params: { id } }) => Promise.resolve({ canEdit: true, schedules: rulesOf(id) }),
    }),
    route({
      ...{ ...edit, ...rules, method: 'POST', path, params: idParams, body: plugs.plugScheduleBody },
      run: ({ params: { id }, body }) => keep(id, [...rulesOf(id), { id: newId(Date.now()), ...body }]),
    }),
    route({
      ...{ ...edit, ...rules, method: 'PUT', path: `${path}/:rule`, params: plugs.scheduleParams },
      body: plugs.plugScheduleBody,
      run: ({ params, body }) =>
        keep(
          params.id,
          rulesOf(params.id).map((each) => (each.id === params.rule ? { id: each.id, ...body } : each)),
        ),
    }),
    route({
      ...{ ...edit, ...rules, method: 'DELETE', path: `${path}/:rule`, params: plugs.scheduleParams },
      run: ({ params }) =>
        keep(
          params.id,
          rulesOf(params.id).filter(({ id }) => id !== params.rule),
        ),
    }),
  ]
}
