// The fake home's box: two systems, an update that can be taken in, installed and tried.
import { z } from 'zod'
import { done } from '../../appliance/src/api/common.ts'
import * as api from '../../appliance/src/api/updates.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { accessOf } from './home-access.ts'
import { open } from './home-state.ts'
import type { HomeDeps, HomeState } from './home-state.ts'

const DAY_MS = 24 * 60 * 60_000

function makeUpdates(): api.Updates {
  return {
    ...{ way: 'bundle', version: '0.2.0', slot: 'A', other: { slot: 'B', version: '0.1.4', good: true } },
    ...{ phase: 'idle', bundle: null, progress: null, problem: null, restartAt: null, proof: [], waiting: [] },
    feed: { address: '', checkedAt: null, problem: null, offered: null, atNight: false },
    history: [
      {
        ...{ at: Date.now() - 9 * DAY_MS, from: '0.1.4', to: '0.2.0', outcome: 'done', reason: null, lost: null },
      },
      {
        ...{ at: Date.now() - 30 * DAY_MS, from: '0.1.4', to: '0.1.5', outcome: 'rolled-back' },
        reason: 'The new system was worse: Front door sends no pictures.',
        lost: 'Not here any more is what was recorded between the copy and the way back: 1 incident, and settings changed meanwhile. The database that it left is kept as left-by-0.1.5-20261030T020004117.db.',
      },
    ],
  }
}

export interface HomeUpdates {
  updates: api.Updates
  box: api.BoxFacts
  uploaded: number
  /** What was asked of the box. */
  asked: string[]
}

const known = new WeakMap<HomeState, HomeUpdates>()

export function updatesOf(state: HomeState): HomeUpdates {
  let found = known.get(state)
  if (!found) {
    const stays = ['Both systems and their version', 'Files on the first partition of the card, such as lares.toml']
    const box = {
      canRestart: true,
      canPowerOff: true,
      reset: 'box',
      homeName: state.data.settings.homeName,
      stays,
    } as const
    found = { updates: makeUpdates(), box: { ...box, stays }, uploaded: 0, asked: [] }
    known.set(state, found)
  }
  return found
}

/** As the settings say. */
function feedOf(state: HomeState): Pick<api.Updates['feed'], 'address' | 'atNight'> {
  const { settings } = accessOf(state)
  const valueOf = (key: string): unknown => settings.find((each) => each.key === key)?.value
  return { address: z.string().parse(valueOf('updates.feed')), atNight: valueOf('updates.atNight') === true }
}

const BUNDLE: api.UpdateBundle = {
  ...{ fileName: 'lares-0.3.0-rpi-arm64.raucb', sizeBytes: 203_000_000, sha256: 'c4'.repeat(32), version: '0.3.0' },
  ...{ notes: 'Sees cats at night.\nZones can have holes.', from: 'this page' },
}

export function updateRoutes({ state }: HomeDeps): Route[] {
  const home = updatesOf(state)
  const set = (change: Partial<api.Updates>): api.Updates => (home.updates = { ...home.updates, ...change })
  const change = { ...open, method: 'POST', needs: 'system.edit', reply: api.updatesReply } as const
  const send = { ...open, needs: 'system.edit' as const, reply: api.bundlePieceReply }
  const ask = { ...open, method: 'POST', needs: 'system.edit', reply: done } as const
  const note = (what: string) => {
    home.asked.push(what)
    return Promise.resolve({ ok: true as const })
  }
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/updates', needs: 'system.view', reply: api.updatesReply },
      run: async () => ({ ...home.updates, feed: { ...home.updates.feed, ...feedOf(state) } }),
    }),
    route({
      ...{ ...send, method: 'POST', path: '/api/updates/upload', body: api.beginBundleBody },
      run: async () => ({ receivedBytes: (home.uploaded = 0), chunkBytes: 1_000 }),
    }),
    route({
      ...{ ...send, method: 'PUT', path: '/api/updates/upload', body: api.bundlePieceBody },
      async run({ body }) {
        home.uploaded += Buffer.from(body.data, 'base64').length
        return { receivedBytes: home.uploaded, chunkBytes: 1_000 }
      },
    }),
    route({
      ...{ ...change, path: '/api/updates/verify', body: api.verifyBundleBody },
      run: async () => set({ phase: 'verified', bundle: BUNDLE }),
    }),
    route({
      ...{ ...change, path: '/api/updates/install' },
      run: async () => set({ phase: 'installing', progress: { part: 0.4, words: 'Writing the new system' } }),
    }),
    route({
      ...{ ...change, path: '/api/updates/restart', body: api.restartUpdateBody },
      run: async ({ body }) =>
        body.when === 'now' ? set({ phase: 'restarting' }) : set({ restartAt: Date.now() + DAY_MS / 3 }),
    }),
    route({
      ...{ ...change, path: '/api/updates/seen' },
      run: async () => set({ phase: 'idle', bundle: null }),
    }),
    route({
      ...{ ...change, method: 'DELETE', path: '/api/updates/bundle' },
      run: async () => set(home.updates.phase === 'installed' ? { restartAt: null } : { phase: 'idle', bundle: null }),
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/box', needs: 'system.view', reply: api.boxReply },
      run: async () => home.box,
    }),
    route({ ...{ ...ask, path: '/api/box/restart' }, run: () => note('restart') }),
    route({ ...{ ...ask, path: '/api/box/power-off' }, run: () => note('power-off') }),
    route({
      ...{ ...ask, path: '/api/box/factory-reset', body: api.factoryResetBody },
      run: ({ body }) => note(`reset ${body.homeName}`),
    }),
  ]
}
