import type { PlugAtTheTime } from '../../api/incidents.ts'
import type { PlugState } from './types.ts'

/** What the plugs did during one incident. Pure. */
export interface PlugNews {
  /** Rows to keep: every plug at the beginning, afterwards those that changed. */
  rows: PlugAtTheTime[]
  /** On or off by plug, as of now. */
  now: Map<string, boolean>
}

/** `before`: on or off by plug; null at the beginning. */
export function plugNews(
  before: ReadonlyMap<string, boolean> | null,
  plugs: readonly PlugState[],
  at: number,
): PlugNews {
  const changed = plugs.filter((plug) => before === null || before.get(plug.id) !== plug.on)
  const rows = changed.map(({ id, name, on, powerMw }) => ({ at, plugId: id, name, on, powerMw }))
  return { rows, now: new Map(plugs.map(({ id, on }) => [id, on])) }
}

/** Names of the plugs that were switched after the beginning. `rows` oldest first. */
export function switchedNames(rows: readonly PlugAtTheTime[]): string[] {
  const first = new Set<string>()
  const switched = new Set<string>()
  for (const { plugId, name } of rows) {
    if (first.has(plugId)) switched.add(name)
    first.add(plugId)
  }
  return [...switched]
}
