import {
  alertChannel,
  changeChannelBody,
  channelParams,
  channelsReply,
  testChannelReply,
  type AlertChannel,
  type SetUpChannelId,
  type TestChannelReply,
} from '../../api/channels.ts'
import { LaresError } from '../../core/errors.ts'
import type { Database, Trx } from '../../db/database.ts'
import { route, type RequestContext, type Route } from '../../http/route.ts'
import type { ChannelBook } from './channel-book.ts'

export interface ChannelRouteDeps {
  database: Database
  book: ChannelBook
  stateOf(id: SetUpChannelId): string | null
  tryChannel(id: SetUpChannelId): Promise<TestChannelReply>
  /** For the record of who did what. */
  recordChange(trx: Trx, what: string, request: RequestContext): Promise<void>
}

export function createChannelRoutes({ database, book, stateOf, tryChannel, recordChange }: ChannelRouteDeps): Route[] {
  async function describe(id: SetUpChannelId): Promise<AlertChannel> {
    const found = (await book.list(stateOf)).find((channel) => channel.id === id)
    if (!found) throw new LaresError('internal', 'A channel is missing from the list.')
    return found
  }

  return [
    route({
      ...{ method: 'GET', path: '/api/alerts/channels', needs: 'system.view', limit: 'general', reply: channelsReply },
      summary: 'The ways out besides web push: how each is set up, without its secret, and how it does.',
      run: async () => ({ channels: await book.list(stateOf) }),
    }),
    route({
      ...{ method: 'PUT', path: '/api/alerts/channels/:id', needs: 'system.edit', sudo: true, limit: 'general' },
      ...{ params: channelParams, body: changeChannelBody, reply: alertChannel },
      summary: 'Sets a channel up. A secret that is left out stays, unless it would go to another server.',
      async run({ params: { id }, body, request }) {
        const by = request.principal?.userId ?? ''
        await database.transaction(async (trx) => {
          await book.change(trx, id, body, by)
          await recordChange(trx, `alerts.channel.${id}`, request)
        })
        return describe(id)
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/alerts/channels/:id/test', needs: 'system.edit', limit: 'costly' },
      ...{ params: channelParams, reply: testChannelReply },
      summary: 'Sends a test now and says in words what came of it.',
      run: ({ params }) => tryChannel(params.id),
    }),
  ]
}
