import type { TogetherReply } from '../api/plug-home.ts'
import { WEEKDAYS } from '../api/plugs.ts'
import type { Plug, PlugCapability, PlugCountdown, PlugScheduleBody, PlugSchedulesReply } from '../api/plugs.ts'
import type { Clock } from '../core/clock.ts'
import { LaresError, messageOf } from '../core/errors.ts'
import type { DeviceLink } from './device-link.ts'
import type { DeviceWatch } from './device-watch.ts'
import type { Countdown } from './languages/types.ts'
import type { StoredPlug } from './plug-store.ts'
import type { Registry } from './registry.ts'
import type { Wish } from './types.ts'

export interface Control {
  switch(id: string, on: boolean): Promise<Plug>
  setBrightness(id: string, percent: number): Promise<Plug>
  together(wishes: readonly Wish[]): Promise<TogetherReply>
  setLed(id: string, on: boolean): Promise<void>
  countdown(id: string): Promise<PlugCountdown | null>
  setCountdown(id: string, countdown: { durationS: number; on: boolean }): Promise<PlugCountdown | null>
  deleteCountdown(id: string): Promise<void>
  schedules(id: string): Promise<PlugSchedulesReply>
  addSchedule(id: string, rule: PlugScheduleBody): Promise<PlugSchedulesReply>
  editSchedule(id: string, rule: string, body: PlugScheduleBody): Promise<PlugSchedulesReply>
  deleteSchedule(id: string, rule: string): Promise<PlugSchedulesReply>
}

export interface ControlDeps {
  registry: Registry
  clock: Clock
  /** Something happens at that plug within `forMs`: it is asked often until then. */
  watchFor(id: string, forMs: number): void
}

interface Target {
  watch: DeviceWatch
  outlet: StoredPlug
  link: DeviceLink
}

/** After a countdown's end the device switches by itself; a little later it is seen. */
const AFTER_COUNTDOWN_MS = 10_000

/** What people do with plugs. Everything resolves once the device confirmed, and throws in plain words otherwise. */
export function createControl({ registry, clock, watchFor }: ControlDeps): Control {
  /** Throws `not-found`, or `unsupported` when the device cannot, before anything is sent. */
  async function target(id: string, needs: PlugCapability): Promise<Target> {
    const { watch, outlet } = registry.find(id)
    // A device that never answered has said nothing of what it can do.
    if (!watch.device.can.includes(needs)) throw cannot(outlet.name, needs)
    return { watch, outlet, link: await watch.readyLink() }
  }

  /** The poll that follows shows what the device made of it. */
  async function command(id: string, needs: PlugCapability, run: (target: Target) => Promise<void>): Promise<Plug> {
    const { watch } = registry.find(id)
    try {
      await run(await target(id, needs))
    } finally {
      watch.wakeSoon()
    }
    return registry.view(id)
  }

  const power = (id: string, on: boolean): Promise<Plug> =>
    command(id, 'switch', ({ watch, outlet, link }) =>
      link.setPower(outlet.outlet, on, () => watch.confirmed(outlet, { on })),
    )
  const brightness = (id: string, percent: number): Promise<Plug> =>
    command(id, 'dimmer', ({ watch, outlet, link }) =>
      link.setBrightness(outlet.outlet, percent, () => watch.confirmed(outlet, { brightness: percent })),
    )

  async function fulfil({ plugId, on, brightness: percent }: Wish): Promise<void> {
    const canDim = registry.find(plugId).watch.device.can.includes('dimmer')
    if (on && percent !== null && canDim) await brightness(plugId, percent)
    await power(plugId, on)
  }

  async function together(wishes: readonly Wish[]): Promise<TogetherReply> {
    const results = await Promise.all(
      wishes.map(async (wish) => {
        const { name } = registry.find(wish.plugId).outlet
        const problem = await fulfil(wish).then(
          () => null,
          (error: unknown) => messageOf(error),
        )
        return { plugId: wish.plugId, name, ok: problem === null, problem }
      }),
    )
    return { results }
  }

  return {
    switch: power,
    setBrightness: brightness,
    together,
    async setLed(id, on) {
      await command(id, 'led', ({ link }) => link.setLed(on))
    },
    ...countdowns({ target, clock, watchFor }),
    ...schedules(target),
  }
}

type FindTarget = (id: string, needs: PlugCapability) => Promise<Target>

function countdowns({ target, clock, watchFor }: Pick<ControlDeps, 'clock' | 'watchFor'> & { target: FindTarget }) {
  const viewOf = (countdown: Countdown | null): PlugCountdown | null => {
    if (!countdown?.enabled) return null
    const { remainingS, delayS, on } = countdown
    return { endsAt: remainingS === null ? null : clock.now() + remainingS * 1_000, durationS: delayS, on }
  }
  return {
    async countdown(id: string): Promise<PlugCountdown | null> {
      const { link, outlet } = await target(id, 'countdown')
      return viewOf(await link.countdown(outlet.outlet))
    },
    async setCountdown(id: string, { durationS, on }: { durationS: number; on: boolean }) {
      const { link, outlet } = await target(id, 'countdown')
      await link.setCountdown(outlet.outlet, { delayS: durationS, on })
      watchFor(id, durationS * 1_000 + AFTER_COUNTDOWN_MS)
      return viewOf(await link.countdown(outlet.outlet))
    },
    async deleteCountdown(id: string): Promise<void> {
      const { link, outlet } = await target(id, 'countdown')
      await link.deleteCountdown(outlet.outlet)
    },
  }
}

function schedules(target: FindTarget) {
  const read = async ({ watch, outlet, link }: Target): Promise<PlugSchedulesReply> => ({
    canEdit: watch.device.can.includes('schedule-edit'),
    schedules: (await link.schedules(outlet.outlet)).map((rule) => ({
      ...rule,
      weekdays: WEEKDAYS.filter((day) => rule.weekdays.includes(day)),
    })),
  })
  return {
    schedules: async (id: string) => read(await target(id, 'schedule')),
    async addSchedule(id: string, rule: PlugScheduleBody) {
      const found = await target(id, 'schedule-edit')
      await found.link.addSchedule(found.outlet.outlet, rule)
      return read(found)
    },
    async editSchedule(id: string, rule: string, body: PlugScheduleBody) {
      const found = await target(id, 'schedule-edit')
      await found.link.editSchedule(found.outlet.outlet, { id: rule, ...body })
      return read(found)
    },
    async deleteSchedule(id: string, rule: string) {
      const found = await target(id, 'schedule-edit')
      await found.link.deleteSchedule(found.outlet.outlet, rule)
      return read(found)
    },
  }
}

const WORDS: Readonly<Record<PlugCapability, string>> = {
  switch: 'cannot be switched',
  meter: 'does not measure',
  dimmer: 'cannot be dimmed',
  light: 'is no light',
  led: 'has no LED that can be switched',
  countdown: 'has no countdown',
  schedule: 'keeps no schedules',
  'schedule-edit': 'takes schedules only from the TP-Link app',
}

function cannot(name: string, needs: PlugCapability): LaresError {
  return new LaresError('unsupported', `${name} ${WORDS[needs]}.`, { code: 'PLUG_CANNOT' })
}
