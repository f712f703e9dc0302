import { t } from '../text/index.ts'
import type { Incident } from '../wire.ts'

/** Told apart by shape and word, not by colour alone: a dot, a triangle, a diamond, an octagon; a ring for what nobody knows. */
const SHAPES = {
  low: 'M6 2.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z',
  medium: 'M6 1.2 11 10.4H1Z',
  high: 'M6 .6 11.4 6 6 11.4.6 6Z',
  critical: 'M3.8.7h4.4l3.1 3.1v4.4l-3.1 3.1H3.8L.7 8.2V3.8Z',
  unknown: 'M6 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm0 1.8a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4Z',
} as const

/** How bad it is. What could not be judged is drawn as unknown, never as harmless. */
export function RiskBadge({ risk }: { risk: Incident['risk'] }) {
  const band = risk?.band ?? 'unknown'
  return (
    <span class={`badge risk is-${band}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d={SHAPES[band]} />
      </svg>
      {t.incidents.risk[band]}
    </span>
  )
}
