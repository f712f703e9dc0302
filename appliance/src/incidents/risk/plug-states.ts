import type { Bus } from '../../core/bus.ts'
import type { Events } from '../../events.ts'
import type { PlugState } from './types.ts'

/**
 * What the plugs are doing, remembered from what they tell of themselves. One that was not heard of since the start, or of
 * which it is not known whether it is on, is left out.
 */
export function rememberPlugs(bus: Pick<Bus<Events>, 'on'>): () => readonly PlugState[] {
  const known = new Map<string, PlugState>()
  bus.on('plug.changed', 'incidents', ({ id, name, on, reading }) => {
    if (on === null) known.delete(id)
    else known.set(id, { id, name, on, powerMw: reading?.powerMw ?? null })
  })
  bus.on('plug.removed', 'incidents', ({ id }) => void known.delete(id))
  return () => [...known.values()]
}
