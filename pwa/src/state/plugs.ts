// The plugs, with what a tap has just asked for laid over what the box says.
import { computed, signal } from '@preact/signals'
import { readPlugs, switchPlug } from '../client.ts'
import { listen } from '../stream.ts'
import type { Plug } from '../wire.ts'
import { createResource } from './resource.ts'

const known = createResource(async () => (await readPlugs()).plugs)
/** Plug id → what was asked for and is not confirmed yet. */
const asked = signal<ReadonlyMap<string, boolean>>(new Map())

export interface ShownPlug extends Plug {
  /** True while the plug has not confirmed yet what is shown. */
  pending: boolean
}

export const plugs = {
  ...known,
  data: computed<ShownPlug[] | null>(
    () =>
      known.data.value?.map((plug) => {
        const wish = asked.value.get(plug.id)
        return wish === undefined ? { ...plug, pending: false } : { ...plug, on: wish, pending: true }
      }) ?? null,
  ),
}

export function keepPlug(plug: Plug): void {
  known.patch((list) =>
    list.some(({ id }) => id === plug.id) ? list.map((each) => (each.id === plug.id ? plug : each)) : [...list, plug],
  )
}

export function forgetPlug(id: string): void {
  known.patch((list) => list.filter((each) => each.id !== id))
}

/** Shows the wish at once; when the plug does not follow, the old state comes back and the error is thrown. */
export async function wishPlug(plug: Plug, on: boolean): Promise<void> {
  asked.value = new Map(asked.value).set(plug.id, on)
  try {
    keepPlug(await switchPlug(plug.id, on))
  } finally {
    const rest = new Map(asked.value)
    rest.delete(plug.id)
    asked.value = rest
  }
}

/** Watts of all plugs that answer and can measure; null when none can. */
export const totalWatts = computed(() => {
  const readings = (known.data.value ?? []).filter((plug) => plug.reachable && plug.reading)
  if (readings.length === 0) return null
  return readings.reduce((sum, plug) => sum + (plug.reading?.powerMw ?? 0), 0) / 1_000
})

listen('plug.changed', keepPlug)
listen('plug.removed', ({ id }) => forgetPlug(id))
