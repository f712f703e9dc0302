import type { Plug } from '../api/plugs.ts'

const WORTH_TELLING_MW = 500
const WORTH_TELLING_SHARE = 0.02
const AGE_WORTH_TELLING_MS = 60_000

/** Whether the app should hear of `now` after it last heard `told`: a change of meaning, or that all is still so. */
export function isWorthTelling(told: Plug | null, now: Plug): boolean {
  if (told === null) return true
  const plain: readonly (keyof Plug)[] = ['name', 'model', 'host', 'canMeter', 'reachable', 'problem', 'on']
  if (plain.some((key) => told[key] !== now[key])) return true
  if ((now.seenAt ?? 0) - (told.seenAt ?? 0) >= AGE_WORTH_TELLING_MS) return true
  return powerMoved(told.reading?.powerMw ?? null, now.reading?.powerMw ?? null)
}

function powerMoved(beforeMw: number | null, afterMw: number | null): boolean {
  if (beforeMw === null || afterMw === null) return beforeMw !== afterMw
  const moved = Math.abs(afterMw - beforeMw)
  return moved >= Math.max(WORTH_TELLING_MW, Math.abs(beforeMw) * WORTH_TELLING_SHARE)
}
