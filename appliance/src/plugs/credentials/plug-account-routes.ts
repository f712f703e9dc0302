import { done, idParams } from '../../api/common.ts'
import * as api from '../../api/plug-home.ts'
import type { PlugAccount, PlugAccountBody, TestPlugAccountReply } from '../../api/plug-home.ts'
import { route, type RequestContext, type Route } from '../../http/route.ts'

/** What is done with TP-Link accounts. */
export interface AccountActions {
  list(): PlugAccount[]
  add(body: PlugAccountBody, by: RequestContext): Promise<PlugAccount>
  remove(id: string, by: RequestContext): Promise<void>
  /** Signs in with that account alone wherever one is asked for. */
  test(id: string): Promise<TestPlugAccountReply>
}

/** Keys to other people's doors, in a way: who changes them shows first that it is them (SEC-A14). */
const change = { needs: 'devices.edit', limit: 'devices', sudo: true } as const

export function accountRoutes(accounts: AccountActions): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/plug-accounts', needs: 'devices.edit', limit: 'devices' },
      summary: 'The TP-Link accounts that plugs are shown, without their passwords.',
      reply: api.plugAccountsReply,
      run: async () => ({ accounts: accounts.list() }),
    }),
    route({
      ...{ method: 'POST', path: '/api/plug-accounts', ...change },
      summary: 'Adds a TP-Link account, or gives one another password.',
      ...{ body: api.plugAccountBody, reply: api.plugAccount },
      run: ({ body, request }) => accounts.add(body, request),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/plug-accounts/:id', summary: 'Forgets a TP-Link account.', ...change },
      ...{ params: idParams, reply: done },
      run: async ({ params, request }) => {
        await accounts.remove(params.id, request)
        return { ok: true as const }
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/plug-accounts/:id/test', needs: 'devices.edit', limit: 'costly' },
      summary: 'Tries a TP-Link account on every plug that asks for one.',
      ...{ params: idParams, reply: api.testPlugAccountReply },
      run: ({ params }) => accounts.test(params.id),
    }),
  ]
}
