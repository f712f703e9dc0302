import type { Notice } from '../../api/system.ts'
import type { Permission } from '../../api/permissions.ts'
import type { HomeMode } from '../../api/risk-bands.ts'
import type { Urgency } from '../rules/decide.ts'

/** How a kind of notice of the box becomes an alert. */
export interface HealthKind {
  urgency: Urgency
  /** It must have held for that long. */
  afterMs: number
  audience: Permission
  /** Only with this may it wait for the end of quiet hours. */
  mayWait(mode: HomeMode): boolean
  /** What is said when it is over; null: nothing. */
  gone: ((title: string) => string) | null
  cameraId?: string
}

const MINUTE_MS = 60_000
const always = (): boolean => true
const never = (): boolean => false
const whileSomebodyIsUp = (mode: HomeMode): boolean => mode === 'home' || mode === 'disarmed'
const VIEW_WORDS = / (is covered|is out of focus|shows another view)$/

interface Row extends Omit<HealthKind, 'cameraId'> {
  id: RegExp
}

const SAFETY = { urgency: 'high', audience: 'system.view', mayWait: never } as const
const MATTERS = { urgency: 'high', audience: 'system.view', mayWait: always } as const

/** The table of what the box tells about itself. What is not in it goes by its level. */
const TABLE: readonly Row[] = [
  // Whoever takes a camera away does so before they come: never kept for the morning while the house is guarded.
  {
    ...{
      id: /^camera\./,
      ...MATTERS,
      afterMs: 15_000,
      mayWait: whileSomebodyIsUp,
    },
    gone: (title) => `${title.replace(/ sends no pictures$/, '')} sends pictures again.`,
  },
  // Covered, out of focus, turned: it has lasted for half a minute by then.
  {
    ...{ id: /^camera-view\./, ...MATTERS, afterMs: 0, mayWait: whileSomebodyIsUp },
    gone: (title) => `${title.replace(VIEW_WORDS, '')} shows what it did before.`,
  },
  { id: /^vision\.detector$/, ...SAFETY, afterMs: MINUTE_MS, gone: () => 'Lares detects again.' },
  {
    id: /^vision\.accelerator$/,
    ...MATTERS,
    urgency: 'normal',
    afterMs: MINUTE_MS,
    gone: () => 'The accelerator is back.',
  },
  { id: /^disk/, ...MATTERS, afterMs: MINUTE_MS, gone: () => 'There is room on the disk again.' },
  { id: /^clock$/, ...MATTERS, urgency: 'normal', afterMs: 10 * MINUTE_MS, gone: () => 'The clock is set.' },
  { id: /^tls/, ...MATTERS, urgency: 'normal', afterMs: MINUTE_MS, gone: null },
  {
    id: /^plug\./,
    ...SAFETY,
    audience: 'devices.edit',
    afterMs: 0,
    gone: (title) => `${title.replace(/ draws no power$| does not answer$/, '')} draws power again.`,
  },
  { id: /^box\.was-off/, ...SAFETY, afterMs: 0, gone: null },
]

/** Told by the part that raises them, or by nobody: what cannot be delivered is not delivered. */
const SILENT = /^alerts\./

const CAMERA = /^camera(?:-view)?\.(.+)$/

/** How a notice is told; null: not at all. */
export function kindOf({ id, level }: Pick<Notice, 'id' | 'level'>): HealthKind | null {
  if (SILENT.test(id)) return null
  const row = TABLE.find((each) => each.id.test(id))
  const cameraId = CAMERA.exec(id)?.[1]
  if (row && (level !== 'info' || id.startsWith('box.'))) return { ...row, ...(cameraId !== undefined && { cameraId }) }
  if (level === 'info') return null
  return { ...MATTERS, urgency: level === 'problem' ? 'high' : 'normal', afterMs: MINUTE_MS, gone: null }
}
