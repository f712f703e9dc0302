import { idParams } from '../api/common.ts'
import { powerCurve, powerCurveQuery } from '../api/energy.ts'
import { route, type Route } from '../http/route.ts'
import type { Energy } from './types.ts'

export function energyRoutes(energy: Pick<Energy, 'powerCurve'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/plugs/:id/power',
      summary: 'What a plug used lately, in slots of five minutes.',
      needs: 'devices.view',
      limit: 'devices',
      params: idParams,
      query: powerCurveQuery,
      reply: powerCurve,
      run: ({ params, query }) => energy.powerCurve(params.id, query.hours),
    }),
  ]
}
