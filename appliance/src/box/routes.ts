import { done } from '../api/common.ts'
import { boxReply, factoryResetBody, type BoxFacts } from '../api/updates.ts'
import { route, type RequestContext, type Route } from '../http/route.ts'

interface Deps {
  facts(): Promise<BoxFacts>
  restart(by: RequestContext): Promise<void>
  powerOff(by: RequestContext): Promise<void>
  reset(by: RequestContext, homeName: string): Promise<void>
}

const CHANGE = { method: 'POST', needs: 'system.edit', sudo: true, limit: 'costly', reply: done } as const
const ok = { ok: true } as const

export function boxRoutes({ facts, restart, powerOff, reset }: Deps): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/box', needs: 'system.view', limit: 'general', reply: boxReply },
      summary: 'What can be done to the box itself from here, and what a factory reset leaves.',
      run: facts,
    }),
    route({
      ...{ ...CHANGE, path: '/api/box/restart', summary: 'Restarts the box.' },
      async run({ request }) {
        await restart(request)
        return ok
      },
    }),
    route({
      ...{ ...CHANGE, path: '/api/box/power-off', summary: 'Switches the box off. It comes back when its power does.' },
      async run({ request }) {
        await powerOff(request)
        return ok
      },
    }),
    route({
      ...{ ...CHANGE, path: '/api/box/factory-reset', body: factoryResetBody },
      summary: 'Makes everything anew: all that Lares knows goes. The name of the home has to be given.',
      async run({ body, request }) {
        await reset(request, body.homeName)
        return ok
      },
    }),
  ]
}
