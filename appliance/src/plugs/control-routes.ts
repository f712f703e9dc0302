import { done, idParams } from '../api/common.ts'
import * as api from '../api/plugs.ts'
import { route, type RequestContext, type Route } from '../http/route.ts'
import type { Recorder } from './recorder.ts'
import type { PlugActions } from './types.ts'

interface Deps {
  plugs: PlugActions
  recorder: Recorder
}

const control = { needs: 'devices.control', limit: 'devices', params: idParams } as const
const ok = { ok: true as const }

/** What a device is told. Switching is for everybody who may; what it keeps by itself is for who may change plugs. */
export function controlRoutes(deps: Deps): Route[] {
  return [...switchRoutes(deps), ...countdownRoutes(deps), ...scheduleRoutes(deps)]
}

/** Who told which plug what, for the record. */
const noter =
  ({ recorder }: Deps) =>
  (by: RequestContext, id: string, details: Readonly<Record<string, unknown>>): void =>
    recorder.note(by, { type: 'device_switched', resource: `plug:${id}`, details })

function switchRoutes(deps: Deps): Route[] {
  const { plugs } = deps
  const note = noter(deps)
  return [
    route({
      ...{ method: 'POST', path: '/api/plugs/:id/switch', ...control },
      summary: 'Switches a plug and answers with what it confirmed.',
      ...{ body: api.switchPlugBody, reply: api.plug },
      run: async ({ params, body, request }) => {
        const plug = await plugs.switch(params.id, body.on)
        note(request, params.id, { on: body.on })
        return plug
      },
    }),
    route({
      ...{ method: 'PUT', path: '/api/plugs/:id/brightness', summary: 'Sets how bright a light is.', ...control },
      ...{ body: api.brightnessBody, reply: api.plug },
      run: async ({ params, body, request }) => {
        const plug = await plugs.setBrightness(params.id, body.brightness)
        note(request, params.id, body)
        return plug
      },
    }),
    route({
      ...{ method: 'PUT', path: '/api/plugs/:id/led', summary: "Switches the plug's own little light." },
      ...{ ...control, needs: 'devices.edit', body: api.ledBody, reply: done },
      run: async ({ params, body, request }) => {
        await plugs.setLed(params.id, body.on)
        note(request, params.id, { led: body.on })
        return ok
      },
    }),
  ]
}

function countdownRoutes(deps: Deps): Route[] {
  const { plugs } = deps
  const note = noter(deps)
  const path = '/api/plugs/:id/countdown'
  return [
    route({
      ...{ method: 'GET', path, summary: 'The countdown that runs in the plug.', ...control, needs: 'devices.view' },
      reply: api.countdownReply,
      run: async ({ params }) => ({ countdown: await plugs.countdown(params.id) }),
    }),
    route({
      ...{ method: 'PUT', path, summary: 'Starts a countdown in the plug; it replaces the one that runs.', ...control },
      ...{ body: api.countdownBody, reply: api.countdownReply },
      run: async ({ params, body, request }) => {
        const countdown = await plugs.setCountdown(params.id, body)
        note(request, params.id, { countdownS: body.durationS, on: body.on })
        return { countdown }
      },
    }),
    route({
      ...{ method: 'DELETE', path, summary: 'Stops the countdown.', ...control },
      reply: done,
      run: async ({ params, request }) => {
        await plugs.deleteCountdown(params.id)
        note(request, params.id, { countdownS: null })
        return ok
      },
    }),
  ]
}

function scheduleRoutes(deps: Deps): Route[] {
  const { plugs } = deps
  const note = noter(deps)
  const path = '/api/plugs/:id/schedules'
  const onePath = '/api/plugs/:id/schedules/:rule'
  const edit = { needs: 'devices.edit', limit: 'devices', reply: api.plugSchedulesReply } as const
  return [
    route({
      ...{ method: 'GET', path, summary: 'What the plug does by itself, also while this box is off.' },
      ...{ ...edit, needs: 'devices.view', params: idParams },
      run: ({ params }) => plugs.schedules(params.id),
    }),
    route({
      ...{ method: 'POST', path, summary: 'Gives the plug a rule of its own.', ...edit },
      ...{ params: idParams, body: api.plugScheduleBody },
      run: async ({ params, body, request }) => {
        const schedules = await plugs.addSchedule(params.id, body)
        note(request, params.id, { schedule: 'added' })
        return schedules
      },
    }),
    route({
      ...{ method: 'PUT', path: onePath, summary: 'Changes a rule that the plug keeps.', ...edit },
      ...{ params: api.scheduleParams, body: api.plugScheduleBody },
      run: async ({ params, body, request }) => {
        const schedules = await plugs.editSchedule(params.id, params.rule, body)
        note(request, params.id, { schedule: 'changed' })
        return schedules
      },
    }),
    route({
      ...{ method: 'DELETE', path: onePath, summary: 'Removes a rule from the plug.', ...edit },
      params: api.scheduleParams,
      run: async ({ params, request }) => {
        const schedules = await plugs.deleteSchedule(params.id, params.rule)
        note(request, params.id, { schedule: 'removed' })
        return schedules
      },
    }),
  ]
}
