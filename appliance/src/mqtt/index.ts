import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Events } from '../events.ts'
import { MqttSession } from './session.ts'
import type { Mqtt, MqttHome, MqttSetup } from './types.ts'

export type { ArmMode, ModePort, Mqtt, MqttHome, MqttSetup, SeenInZones } from './types.ts'

export interface MqttDeps {
  clock: Clock
  log: Log
  bus: Bus<Events>
  notices: NoticeBoard
  setup: MqttSetup
  home: MqttHome
}

const OFF = 'MQTT is switched off.'
const PUBLISH_LIMIT_MS = 10_000
/** A broker that restarts is no news. */
const WORTH_TELLING_AFTER_MS = 5 * 60_000
const NOTICE = 'mqtt.offline'

/** The home over MQTT: for Home Assistant, and for whoever else listens. */
export function createMqtt(deps: MqttDeps): Mqtt {
  const { clock, setup } = deps
  const log = deps.log.child({ part: 'mqtt' })
  const trouble = createTrouble(deps)
  let session: MqttSession | null = null
  let stopListening = (): void => undefined
  /** One change after the other. */
  let turn: Promise<void> = Promise.resolve()

  async function end(): Promise<void> {
    await session?.stop()
    session = null
    trouble.over()
  }

  async function begin(): Promise<void> {
    await end()
    const wanted = setup.get()
    if (!wanted) return
    session = new MqttSession({ ...deps, log, onProblem: trouble.note }, wanted.settings, wanted.password)
    await session.start()
  }

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work).catch((error: unknown) => log.error({ err: messageOf(error) }, 'MQTT could not be set up'))
    return turn
  }

  return {
    name: 'mqtt',
    state() {
      if (!session) return null
      return session.connection.isOpen() ? 'Connected' : (trouble.words() ?? 'Connecting')
    },
    async publish(topic, payload, signal) {
      await turn
      const wanted = setup.get()
      if (!session || !wanted) throw new LaresError('unavailable', OFF)
      const words = trouble.words()
      if (!session.connection.isOpen() && words !== null) throw new LaresError('unavailable', words)
      const full = `${wanted.settings.prefix}/${topic}`
      await inTime(session.connection.publish(full, payload, { retain: false }), { clock, signal })
    },
    async start() {
      stopListening = setup.onChange(() => void inTurn(begin))
      await inTurn(begin)
    },
    async stop() {
      stopListening()
      await inTurn(end)
    },
  }
}

/** What is wrong with the connection; the owner is told when it lasts. */
function createTrouble({ clock, notices }: Pick<MqttDeps, 'clock' | 'notices'>) {
  let problem: string | null = null
  let cancelTelling: (() => void) | null = null

  function over(): void {
    cancelTelling?.()
    cancelTelling = null
    problem = null
    notices.clear(NOTICE)
  }

  function tell(): void {
    const title = 'The MQTT broker cannot be reached'
    notices.raise({ id: NOTICE, level: 'warning', title, detail: problem ?? '', link: '/alerts/channels' })
  }

  return {
    over,
    words: () => problem,
    /** null: all is well. */
    note(words: string | null): void {
      if (words === null) return over()
      problem = words
      cancelTelling ??= clock.after(WORTH_TELLING_AFTER_MS, tell)
    },
  }
}

function inTime<T>(work: Promise<T>, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new LaresError('timeout', 'The broker does not answer in time.'))
    const cancel = clock.after(PUBLISH_LIMIT_MS, stop)
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => {
      cancel()
      signal.removeEventListener('abort', stop)
    })
  })
}
