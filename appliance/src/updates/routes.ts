import * as api from '../api/updates.ts'
import { messageOf } from '../core/errors.ts'
import type { Clock } from '../core/clock.ts'
import { route, type Route } from '../http/route.ts'
import { homeTimeZone, type Settings } from '../settings/index.ts'
import type { FeedLoop } from './feed-loop.ts'
import type { Installer } from './install.ts'
import type { UpdateKeeper } from './keeper.ts'
import { nextNight } from './night.ts'
import type { Receiver } from './receive.ts'

interface Deps {
  keeper: UpdateKeeper
  receiver: Receiver
  installer: Installer
  feed: FeedLoop
  news: { putAway(): Promise<void> }
  settings: Settings
  clock: Clock
}

/** A second factor for everything that changes which system runs. */
const CHANGE = { needs: 'system.edit', sudo: true, limit: 'general', reply: api.updatesReply } as const

export function updateRoutes(deps: Deps): Route[] {
  return [...lookRoutes(deps), ...receiveRoutes(deps), ...installRoutes(deps)]
}

function lookRoutes({ keeper, feed, news }: Deps): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/updates', needs: 'system.view', limit: 'general', reply: api.updatesReply },
      summary: 'What runs, how updates come to this box, and how far one is.',
      async run() {
        await keeper.findWaiting()
        return keeper.view()
      },
    }),
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/updates/check', sudo: false, limit: 'costly' },
      summary: 'Asks the list of new versions now.',
      async run({ request }) {
        await feed.check(request.signal)
        return keeper.view()
      },
    }),
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/updates/seen', sudo: false },
      summary: 'Puts away what came of the last update.',
      async run() {
        await news.putAway()
        return keeper.view()
      },
    }),
  ]
}

function receiveRoutes({ keeper, receiver, installer, feed }: Deps): Route[] {
  return [
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/updates/upload', reply: api.bundlePieceReply },
      ...{ body: api.beginBundleBody, summary: 'Begins to take an update in pieces.' },
      run: ({ body }) => keeper.alone(() => receiver.begin(body.fileName, body.sizeBytes)),
    }),
    route({
      ...{ method: 'PUT', path: '/api/updates/upload', needs: 'system.edit', limit: 'media' },
      ...{ body: api.bundlePieceBody, reply: api.bundlePieceReply, maxBodyBytes: api.MAX_BUNDLE_BODY_BYTES },
      summary: 'Takes the next piece, base64. Answers where the one after it begins.',
      run: ({ body }) => receiver.add(body.offset, body.data),
    }),
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/updates/verify', limit: 'costly', body: api.verifyBundleBody },
      summary: 'The file is whole: signature, kind of box and version are checked. What is refused is removed.',
      async run({ body }) {
        await keeper.alone(async () => {
          if (keeper.record().phase === 'receiving') await receiver.finish()
          await installer.verify(body.olderToo === true)
        })
        return keeper.view()
      },
    }),
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/updates/take', limit: 'costly', body: api.takeBundleBody },
      summary: 'Takes a bundle that lies in the folder for updates, and checks it.',
      async run({ body }) {
        await keeper.alone(async () => {
          await receiver.take(body.fileName)
          await installer.verify(body.olderToo === true)
        })
        return keeper.view()
      },
    }),
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/updates/fetch', limit: 'costly' },
      summary: 'Begins to fetch what the list offers; it is checked when it is here.',
      async run() {
        // It takes minutes: the page follows it by the stream.
        void keeper.alone(() => feed.take()).catch((error: unknown) => keeper.change({ problem: messageOf(error) }))
        return keeper.view()
      },
    }),
  ]
}

function installRoutes({ keeper, receiver, installer, settings, clock }: Deps): Route[] {
  return [
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/updates/install', limit: 'costly' },
      summary: 'Begins to write the new system beside the one that runs.',
      async run({ request }) {
        keeper.requirePhase(['verified'], 'No update has been checked yet.')
        // The reason is shown as `problem`.
        void keeper.alone(() => installer.install(request)).catch(() => undefined)
        return keeper.view()
      },
    }),
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/updates/restart', body: api.restartUpdateBody },
      summary: 'Restarts into the new system, for a trial: now, or at three at night.',
      async run({ body, request }) {
        keeper.requirePhase(['installed'], 'No new system is installed.')
        if (body.when === 'tonight')
          await keeper.change({ restartAt: nextNight(clock.now(), settings.get(homeTimeZone)) })
        else await keeper.alone(() => installer.restart(request))
        return keeper.view()
      },
    }),
    route({
      ...{ ...CHANGE, method: 'DELETE', path: '/api/updates/bundle', sudo: false },
      summary: 'Gives up the update that has come, or the restart that waits for the night.',
      async run() {
        // What is written into the other slot stays there, and harms nobody.
        if (keeper.record().phase === 'installed') await keeper.change({ restartAt: null })
        else {
          keeper.requirePhase(['idle', 'receiving', 'received', 'verified'], 'The box is in the middle of an update.')
          await receiver.drop()
          await keeper.change({ phase: 'idle', bundle: null, problem: null })
        }
        return keeper.view()
      },
    }),
  ]
}
