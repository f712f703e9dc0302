import type { OfferedUpdate, UpdateOutcome } from '../api/updates.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { FetchOptions } from '../core/fetch-file.ts'
import { giveWay } from '../core/give-way.ts'
import type { Log } from '../core/log.ts'
import { supervise, type Loop } from '../core/supervise.ts'
import { homeTimeZone, type Settings } from '../settings/index.ts'
import { askFeed, chooseUpdate } from './feed.ts'
import type { Installer } from './install.ts'
import type { UpdateKeeper } from './keeper.ts'
import { isNight, nextNight } from './night.ts'
import type { Receiver } from './receive.ts'
import { feedAddress, installAtNight } from './settings.ts'

export interface FeedLoopDeps {
  keeper: UpdateKeeper
  receiver: Receiver
  installer: Installer
  settings: Settings
  fetch: FetchOptions
  clock: Clock
  log: Log
  /** Finds out what this box is, unless that is known. Rejects when it cannot be asked. */
  askBox(): Promise<void>
}

export interface FeedLoop extends Loop {
  /** Asks now. Throws `conflict` when no address is set. */
  check(signal?: AbortSignal): Promise<void>
  /** Fetches what is offered. Throws `conflict` when nothing is. */
  take(signal?: AbortSignal): Promise<void>
}

const LOOK_MS = 60_000
const DAY_MS = 24 * 60 * 60_000
const AT_REST = ['idle', 'done', 'rolled-back'] as const

export function createFeedLoop(deps: FeedLoopDeps): FeedLoop {
  const { keeper, clock, log } = deps
  const loop = supervise({
    ...{ name: 'updates of the feed', clock, log, pauseMs: LOOK_MS },
    async runOnce(signal) {
      await giveWay(deps.askBox(), signal)
      if (keeper.passing().way !== 'bundle' || keeper.isBusy() || signal.aborted) return
      await restartWhenAsked(deps)
      await checkDaily(deps, signal)
      await installByItself(deps, signal)
    },
  })
  let stopListening: (() => void)[] = []
  return {
    ...loop,
    start() {
      stopListening = listenToSettings(deps)
      return loop.start()
    },
    async stop() {
      for (const stop of stopListening) stop()
      await loop.stop()
    },
    check: (signal) => check(deps, signal),
    take: (signal) => take(deps, signal),
  }
}

/** Whoever looks at the page sees it at once; what another list offered is forgotten. */
const listenToSettings = ({ settings, keeper }: FeedLoopDeps): (() => void)[] => [
  settings.onChange(feedAddress, () => keeper.show({ feed: { checkedAt: null, problem: null, offered: null } })),
  settings.onChange(installAtNight, () => keeper.announce()),
]

async function check({ keeper, settings, fetch, clock, askBox }: FeedLoopDeps, signal?: AbortSignal): Promise<void> {
  const address = settings.get(feedAddress)
  if (address === '') throw new LaresError('conflict', 'No address of a list is set.', { code: 'UPDATE_PHASE' })
  await askBox()
  const about = { address, compatible: keeper.passing().slots?.compatible ?? '', running: keeper.runningVersion() }
  const checkedAt = clock.now()
  try {
    const text = await askFeed(keeper.folder, address, { clock, fetch, signal })
    keeper.show({ feed: { checkedAt, problem: null, offered: chooseUpdate(text, about) } })
  } catch (error) {
    keeper.show({ feed: { checkedAt, problem: messageOf(error), offered: null } })
    throw error
  }
}

async function take({ keeper, receiver, installer }: FeedLoopDeps, signal?: AbortSignal): Promise<void> {
  const { offered } = keeper.passing().feed
  if (!offered) throw new LaresError('conflict', 'Nothing newer is offered.', { code: 'UPDATE_PHASE' })
  try {
    await receiver.fetch(offered, signal ?? new AbortController().signal)
    await installer.verify(false)
  } catch (error) {
    if (keeper.record().phase === 'receiving')
      await keeper.change({ phase: 'idle', bundle: null, problem: messageOf(error) })
    throw error
  }
}

async function restartWhenAsked({ keeper, installer, settings, clock }: FeedLoopDeps): Promise<void> {
  const { phase, restartAt } = keeper.record()
  if (phase !== 'installed' || restartAt === null || clock.now() < restartAt) return
  const zone = settings.get(homeTimeZone)
  // Switched off at that hour: not in the middle of the next day.
  if (!isNight(clock.now(), zone)) return keeper.change({ restartAt: nextNight(clock.now(), zone) })
  await keeper.alone(() => installer.restart(null))
}

async function checkDaily(deps: FeedLoopDeps, signal: AbortSignal): Promise<void> {
  const { keeper, settings, clock, log } = deps
  const { checkedAt } = keeper.passing().feed
  if (settings.get(feedAddress) === '' || (checkedAt !== null && clock.now() - checkedAt < DAY_MS)) return
  await check(deps, signal).catch((error: unknown) =>
    log.warn({ err: messageOf(error) }, 'The list of updates was not read'),
  )
}

async function installByItself(deps: FeedLoopDeps, signal: AbortSignal): Promise<void> {
  const { keeper, installer, settings, clock, log } = deps
  const { offered } = keeper.passing().feed
  const isWanted = settings.get(installAtNight) && isNight(clock.now(), settings.get(homeTimeZone))
  const { phase, history } = keeper.record()
  if (!offered || !isWanted || !AT_REST.some((each) => each === phase) || hasFailed(offered, history)) return
  log.info({ version: offered.version }, 'Installs a new version by itself')
  await keeper.alone(async () => {
    await take(deps, signal)
    await installer.install(null)
    await installer.restart(null)
  })
}

/** What failed once is not tried again every night. */
const hasFailed = ({ version }: OfferedUpdate, history: readonly UpdateOutcome[]): boolean =>
  history.some(({ to, outcome }) => to === version && outcome === 'rolled-back')
