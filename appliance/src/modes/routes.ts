import { idParams } from '../api/common.ts'
import {
  addPresenceDeviceBody,
  modeHistoryReply,
  modeOptions,
  modeState,
  presencePeople,
  presenceReply,
  presenceSayBody,
  setModeBody,
  type ModeHistory,
  type ModeOptions,
  type ModeState,
} from '../api/modes.ts'
import type { HomeMode } from '../api/risk-bands.ts'
import { LaresError } from '../core/errors.ts'
import { route, type RequestContext, type Route } from '../http/route.ts'
import type { PresenceKeeper } from './presence/presence.ts'

export interface ModeActions {
  state(): ModeState
  set(request: RequestContext, mode: HomeMode, now: boolean): Promise<ModeState>
  history(): Promise<ModeHistory>
  options(): ModeOptions
  changeOptions(request: RequestContext, options: ModeOptions): Promise<ModeOptions>
}

const general = { limit: 'general' } as const

export function modeRoutes(actions: ModeActions): Route[] {
  return [
    route({
      ...{
        method: 'GET',
        path: '/api/mode',
        summary: 'The mode of the home: since when, by whom, and what comes next.',
      },
      ...{ ...general, needs: 'incidents.view', reply: modeState },
      run: async () => actions.state(),
    }),
    route({
      ...{ method: 'PUT', path: '/api/mode', summary: 'Home, away, night or off. Away begins after the exit delay.' },
      ...{ ...general, needs: 'modes.control', body: setModeBody, reply: modeState },
      run: ({ body, request }) => actions.set(request, body.mode, body.now ?? false),
    }),
    route({
      ...{ method: 'GET', path: '/api/mode/history', summary: 'The last fifty modes, and who chose them.' },
      ...{ ...general, needs: 'incidents.view', reply: modeHistoryReply },
      run: () => actions.history(),
    }),
    route({
      ...{ method: 'GET', path: '/api/mode/options', summary: 'Delays, entry cameras, schedule and presence.' },
      ...{ ...general, needs: 'incidents.view', reply: modeOptions },
      run: async ({ request }) => {
        const all = actions.options()
        const cameras = request.principal?.cameras ?? null
        return { ...all, entryCameras: all.entryCameras.filter((id) => cameras === null || cameras.has(id)) }
      },
    }),
    route({
      ...{ method: 'PUT', path: '/api/mode/options', summary: 'Changes delays, entry cameras, schedule and presence.' },
      ...{ ...general, needs: 'system.edit', body: modeOptions, reply: modeOptions },
      run: ({ body, request }) => {
        if (request.principal?.cameras !== null) throw beyondOwn()
        return actions.changeOptions(request, body)
      },
    }),
  ]
}

function beyondOwn(): LaresError {
  const words = 'You see only some of the cameras. Ask somebody who sees them all to change this.'
  return new LaresError('forbidden', words, { code: 'BEYOND_YOUR_OWN' })
}

export function presenceRoutes(presence: PresenceKeeper): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/presence', summary: 'Who is home, as far as it is known.' },
      ...{ ...general, needs: 'incidents.view', reply: presencePeople },
      run: async () => ({ people: presence.people() }),
    }),
    route({
      ...{ method: 'GET', path: '/api/presence/devices', summary: 'By which phones it is known who is home.' },
      ...{ ...general, needs: 'session', reply: presenceReply },
      run: async ({ request }) => presence.list(ownerOf(request)),
    }),
    route({
      ...{
        method: 'POST',
        path: '/api/presence/devices',
        summary: 'Your phone tells from now on whether you are home.',
      },
      ...{ ...general, needs: 'session', body: addPresenceDeviceBody, reply: presenceReply },
      run: ({ body, request }) => presence.add(request, body),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/presence/devices/:id', summary: 'This phone tells no longer.' },
      ...{ ...general, needs: 'session', params: idParams, reply: presenceReply },
      run: ({ params, request }) => presence.remove(request, params.id),
    }),
    route({
      ...{
        method: 'PUT',
        path: '/api/presence/devices/:id',
        summary: 'The phone says that it came or went. Never where.',
      },
      ...{ ...general, needs: 'session', params: idParams, body: presenceSayBody, reply: presenceReply },
      run: ({ params, body, request }) => presence.say(request, params.id, body.state),
    }),
  ]
}

function ownerOf({ principal }: RequestContext) {
  if (principal === null) throw new LaresError('unauthenticated', 'Sign in first.')
  return principal
}
