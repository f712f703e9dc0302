import type { Clock } from '../core/clock.ts'
import { LaresError } from '../core/errors.ts'
import { retry } from '../core/retry.ts'
import type { FoundDevice } from './discovery/types.ts'
import type { Countdown, DeviceRead, Language, NewScheduleRule, ScheduleRule } from './languages/types.ts'
import { asLaresError, explain } from './problems.ts'
import { SchemeWalk, type Spoken } from './scheme-walk.ts'
import type { HostQueues } from './transports/host-queues.ts'
import type { AccountCredentials, Encryption, FailureClass, Scheme } from './transports/types.ts'

export type Urgency = 'person' | 'poll'

/** What to keep of a device over restarts; JSON. */
export interface LinkMemory {
  scheme: Scheme
  signedInAs: string | null
  owner: string | null
}

/** What was seen of a host lately, for `diagnose`. */
export interface Observation {
  encryption: Encryption | 'probe'
  port: number
  /** null: it worked. */
  failure: FailureClass | null
  code: string | null
  at: number
}

export interface DeviceLinkEvents {
  /** The device speaks another way than it did: a firmware update, mostly. A notice, not an outage. */
  onSchemeChanged?(from: Scheme, to: Scheme): void
  /** Worth storing. */
  onMemory?(memory: LinkMemory): void
}

export interface DeviceLinkDeps extends DeviceLinkEvents {
  host: string
  /** Where to begin when nothing is remembered: 9999 means "find out". */
  port: number
  queues: HostQueues
  clock: Clock
  /** Ends what is under way. */
  signal: AbortSignal
  credentials?(): readonly AccountCredentials[]
  memory?: LinkMemory | null
  /** Calls the host by UDP; null when nothing answers. */
  probe(host: string): Promise<FoundDevice | null>
}

/** Speaks with one device, whatever it speaks. One question at a time per host; errors are `LaresError` in plain words. */
export interface DeviceLink {
  readonly host: string
  readonly port: number
  /** `apply` runs before the next question to this address begins, so that states are seen in the order they were true. */
  read(urgency: Urgency, apply?: (read: DeviceRead) => void): Promise<DeviceRead>
  /** Resolves once the device confirmed. */
  setPower(outlet: string, on: boolean, apply?: () => void): Promise<void>
  setBrightness(outlet: string, percent: number, apply?: () => void): Promise<void>
  setLed(on: boolean, apply?: () => void): Promise<void>
  countdown(outlet: string): Promise<Countdown | null>
  setCountdown(outlet: string, countdown: { delayS: number; on: boolean }): Promise<void>
  deleteCountdown(outlet: string): Promise<void>
  schedules(outlet: string): Promise<ScheduleRule[]>
  addSchedule(outlet: string, rule: NewScheduleRule): Promise<string>
  editSchedule(outlet: string, rule: ScheduleRule): Promise<void>
  deleteSchedule(outlet: string, id: string): Promise<void>
  /** null until it worked once. */
  memory(): LinkMemory | null
  /** The newest of each way that was tried, oldest first. */
  observations(): readonly Observation[]
  /** How often it forgot us within the last hour: another program signs in as well. */
  lostSessions(): number
  /** What discovery said of it: tried the next time something fails. */
  hint(found: FoundDevice): void
  /** Forgets pauses after wrong passwords: the owner entered new ones. */
  credentialsChanged(): void
  close(): void
}

const RETRY_PAUSES_MS = [100] as const

export function createDeviceLink(deps: DeviceLinkDeps): DeviceLink {
  const { host, queues, clock, signal } = deps
  const walk = new SchemeWalk(deps)
  const release = (): void => walk.close()

  /** A person's question is asked twice before it is given up; a poll comes again anyway. */
  function inTurn<T>(urgency: Urgency, work: (spoken: Spoken) => Promise<T>): Promise<T> {
    const pausesMs = urgency === 'person' ? RETRY_PAUSES_MS : []
    const worthRetrying = (error: unknown): boolean => explain(error, host).worthRetrying
    return queues.run(host, urgency, async () => {
      queues.claim(host, release)
      try {
        return await retry(() => walk.speak(work, urgency), { clock, pausesMs, worthRetrying, signal })
      } catch (error) {
        throw asLaresError(error, host)
      }
    })
  }

  const asPerson = <T>(work: (language: Language) => Promise<T>, apply?: () => void): Promise<T> =>
    inTurn('person', async ({ language }) => {
      const result = await work(language)
      apply?.()
      return result
    })

  const once = askOnce(deps, walk, release)

  return {
    host,
    get port() {
      return walk.port
    },
    read: (urgency, apply) =>
      inTurn(urgency, async ({ language }) => {
        const read = await language.read()
        apply?.(read)
        return read
      }),
    setPower: (outlet, on, apply) => asPerson((language) => language.setPower(outlet, on), apply),
    setBrightness: (outlet, percent, apply) => {
      const words = 'Brightness goes from 1 to 100.'
      if (!(percent >= 1 && percent <= 100)) return Promise.reject(new LaresError('invalid', words))
      return asPerson((language) => language.setBrightness(outlet, Math.round(percent)), apply)
    },
    setLed: (on, apply) => asPerson((language) => language.setLed(on), apply),
    ...rulesOf(asPerson, once),
    memory: () => walk.memory,
    observations: () => walk.observations,
    lostSessions: () => walk.lostSessions,
    hint: (found) => walk.hint(found),
    credentialsChanged: () => walk.credentialsChanged(),
    close() {
      queues.disclaim(host, release)
      walk.close()
    },
  }
}

/** Never twice: the first answer may only have been lost on its way back. */
function askOnce({ host, queues }: DeviceLinkDeps, walk: SchemeWalk, release: () => void): Ask {
  return (work) =>
    queues.run(host, 'person', async () => {
      queues.claim(host, release)
      try {
        if (!walk.isSpeaking) await walk.speak(({ language }) => language.read(), 'person')
        return await walk.speakOnce(({ language }) => work(language))
      } catch (error) {
        throw asLaresError(error, host)
      }
    })
}

type Ask = <T>(work: (language: Language) => Promise<T>) => Promise<T>
type Rules =
  'countdown' | 'setCountdown' | 'deleteCountdown' | 'schedules' | 'addSchedule' | 'editSchedule' | 'deleteSchedule'

/** What the device does by itself at its time. */
function rulesOf(asPerson: Ask, once: Ask): Pick<DeviceLink, Rules> {
  return {
    countdown: (outlet) => asPerson((language) => language.countdown(outlet)),
    setCountdown: (outlet, countdown) => once((language) => language.setCountdown(outlet, countdown)),
    deleteCountdown: (outlet) => asPerson((language) => language.deleteCountdown(outlet)),
    schedules: (outlet) => asPerson((language) => language.schedules(outlet)),
    addSchedule: (outlet, rule) => once((language) => language.addSchedule(outlet, rule)),
    editSchedule: (outlet, rule) => asPerson((language) => language.editSchedule(outlet, rule)),
    deleteSchedule: (outlet, id) => asPerson((language) => language.deleteSchedule(outlet, id)),
  }
}
