// Rooms, groups, scenes and TP-Link accounts of the fake home.
import { randomUUID } from 'node:crypto'
import { done, idParams } from '../../appliance/src/api/common.ts'
import * as api from '../../appliance/src/api/plug-home.ts'
import { switchPlugBody } from '../../appliance/src/api/plugs.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { find, open } from './home-state.ts'
import type { HomeDeps } from './home-state.ts'

const edit = { ...open, needs: 'devices.edit' as const, reply: api.plugHome }
const control = { ...open, needs: 'devices.control' as const, params: idParams, reply: api.togetherReply }

export function plugHomeRoutes(deps: HomeDeps): Route[] {
  return [...roomRoutes(deps), ...togetherRoutes(deps), ...accountRoutes(deps)]
}

/** Keeps the change, tells it, answers with all of it. */
const keeper =
  ({ state: { data }, bus }: HomeDeps) =>
  (change: Partial<api.PlugHome>): Promise<api.PlugHome> => {
    Object.assign(data.plugHome, change)
    bus.emit('plug-home.changed', data.plugHome)
    return Promise.resolve(data.plugHome)
  }

function roomRoutes(deps: HomeDeps): Route[] {
  const { data } = deps.state
  const keep = keeper(deps)
  const rooms = (): api.Room[] => data.plugHome.rooms
  return [
    route({
      ...{ ...edit, needs: 'devices.view', method: 'GET', path: '/api/plug-home' },
      run: () => Promise.resolve(data.plugHome),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/rooms', body: api.roomBody },
      run: async ({ body }) => {
        if (rooms().some(({ name }) => name === body.name))
          throw new LaresError('conflict', `There is one called ${body.name} already.`, { code: 'NAME_TAKEN' })
        return keep({ rooms: [...rooms(), { id: randomUUID(), name: body.name }] })
      },
    }),
    route({
      ...{ ...edit, method: 'PUT', path: '/api/rooms', body: api.roomOrderBody },
      run: ({ body }) => keep({ rooms: body.ids.map((id) => find(rooms(), id)) }),
    }),
    route({
      ...{ ...edit, method: 'PATCH', path: '/api/rooms/:id', params: idParams, body: api.roomBody },
      run: ({ params, body }) =>
        keep({ rooms: rooms().map((each) => (each.id === params.id ? { ...each, ...body } : each)) }),
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/rooms/:id', params: idParams },
      run: ({ params }) => keep({ rooms: rooms().filter(({ id }) => id !== params.id) }),
    }),
  ]
}

function togetherRoutes(deps: HomeDeps): Route[] {
  const { data, knobs } = deps.state
  const keep = keeper(deps)
  const put = <T extends { id: string }>(list: readonly T[], one: T): T[] =>
    list.some(({ id }) => id === one.id) ? list.map((each) => (each.id === one.id ? one : each)) : [...list, one]
  const follow = (wishes: readonly { plugId: string; on: boolean }[]): Promise<api.TogetherReply> => {
    const results = wishes.map(({ plugId, on }) => {
      const plug = find(data.plugs, plugId)
      const isOk = !knobs.switchFails && plug.reachable
      if (isOk) deps.bus.emit('plug.changed', Object.assign(plug, { on }))
      return { plugId, name: plug.name, ok: isOk, problem: isOk ? null : `${plug.name} does not answer.` }
    })
    return Promise.resolve({ results })
  }
  const group = { params: idParams, body: api.groupBody }
  const scene = { params: idParams, body: api.sceneBody }
  return [
    route({
      ...{ ...edit, method: 'POST', path: '/api/plug-groups', body: api.groupBody },
      run: ({ body }) => keep({ groups: put(data.plugHome.groups, { id: randomUUID(), ...body }) }),
    }),
    route({
      ...{ ...edit, ...group, method: 'PUT', path: '/api/plug-groups/:id' },
      run: ({ params, body }) => keep({ groups: put(data.plugHome.groups, { id: params.id, ...body }) }),
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/plug-groups/:id', params: idParams },
      run: ({ params }) => keep({ groups: data.plugHome.groups.filter(({ id }) => id !== params.id) }),
    }),
    route({
      ...{ ...control, method: 'POST', path: '/api/plug-groups/:id/switch', body: switchPlugBody },
      run: ({ params, body }) =>
        follow(find(data.plugHome.groups, params.id).plugIds.map((plugId) => ({ plugId, on: body.on }))),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/plug-scenes', body: api.sceneBody },
      run: ({ body }) => keep({ scenes: put(data.plugHome.scenes, { id: randomUUID(), ...body }) }),
    }),
    route({
      ...{ ...edit, ...scene, method: 'PUT', path: '/api/plug-scenes/:id' },
      run: ({ params, body }) => keep({ scenes: put(data.plugHome.scenes, { id: params.id, ...body }) }),
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/plug-scenes/:id', params: idParams },
      run: ({ params }) => keep({ scenes: data.plugHome.scenes.filter(({ id }) => id !== params.id) }),
    }),
    route({
      ...{ ...control, method: 'POST', path: '/api/plug-scenes/:id/run' },
      run: ({ params }) => follow(find(data.plugHome.scenes, params.id).steps),
    }),
  ]
}

function accountRoutes({ state }: HomeDeps): Route[] {
  const { data } = state
  const account = { ...open, needs: 'devices.edit' as const }
  return [
    route({
      ...{ ...account, method: 'GET', path: '/api/plug-accounts', reply: api.plugAccountsReply },
      run: () => Promise.resolve({ accounts: data.plugAccounts }),
    }),
    route({
      ...{ ...account, method: 'POST', path: '/api/plug-accounts', body: api.plugAccountBody, reply: api.plugAccount },
      run: ({ body }) => {
        const added = { id: randomUUID(), username: body.username, devices: 0 }
        data.plugAccounts.push(added)
        return Promise.resolve(added)
      },
    }),
    route({
      ...{ ...account, method: 'DELETE', path: '/api/plug-accounts/:id', params: idParams, reply: done },
      run: ({ params }) => {
        data.plugAccounts.splice(data.plugAccounts.indexOf(find(data.plugAccounts, params.id)), 1)
        return Promise.resolve({ ok: true as const })
      },
    }),
    route({
      ...{ ...account, method: 'POST', path: '/api/plug-accounts/:id/test', params: idParams },
      reply: api.testPlugAccountReply,
      run: () =>
        Promise.resolve({
          results: [
            { name: 'Kettle', host: '192.168.1.41', ok: true, problem: null },
            { name: 'Heater', host: '192.168.1.43', ok: false, problem: 'No account that Lares knows fits this plug.' },
          ],
        }),
    }),
  ]
}
