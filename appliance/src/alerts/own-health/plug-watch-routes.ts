import { plugWatch, plugWatchReply } from '../../api/alert-rules.ts'
import { idParams } from '../../api/common.ts'
import { route, type Route } from '../../http/route.ts'
import type { PlugWatcher } from './plug-watch.ts'

const common = { limit: 'general', params: idParams, reply: plugWatchReply } as const

export function plugWatchRoutes(watcher: PlugWatcher): Route[] {
  return [
    route({
      ...{
        method: 'GET',
        path: '/api/plugs/:id/watch',
        summary: 'Whether somebody is told when it stops drawing power.',
      },
      ...{ ...common, needs: 'devices.view' },
      run: async ({ params }) => ({ watch: await watcher.get(params.id) }),
    }),
    route({
      ...{
        method: 'PUT',
        path: '/api/plugs/:id/watch',
        summary: 'Tells when it stops drawing power: a freezer, a pump.',
      },
      ...{ ...common, needs: 'devices.edit', body: plugWatch },
      run: async ({ params, body, request }) => ({ watch: await watcher.set(request, params.id, body) }),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/plugs/:id/watch', summary: 'It may stop drawing power without a word.' },
      ...{ ...common, needs: 'devices.edit' },
      run: async ({ params, request }) => {
        await watcher.remove(request, params.id)
        return { watch: null }
      },
    }),
  ]
}
