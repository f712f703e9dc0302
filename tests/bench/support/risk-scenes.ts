// Reads risk-scenes.txt: scenes in words, with what the box would know of them and the band they deserve.
import { readFileSync } from 'node:fs'
import { OBJECT_CLASSES, type ObjectClass } from '../../../appliance/src/api/common.ts'
import { HOME_MODES, RISK_BANDS, type HomeMode, type RiskBand } from '../../../appliance/src/api/risk-bands.ts'
import type { SceneFacts } from '../../../appliance/src/incidents/risk/types.ts'

export interface DescribedScene {
  id: number
  expected: RiskBand
  words: string
  facts: SceneFacts
  /** No weight was chosen by looking at these. */
  heldOut: boolean
}

const SURE = 0.85
const WEAK = 0.42
const NIGHT_FROM_HOUR = 22
const NIGHT_TO_HOUR = 6
const HELD_OUT_EVERY = 3

export function readScenes(): DescribedScene[] {
  const text = readFileSync(new URL('risk-scenes.txt', import.meta.url), 'utf8')
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => readScene(line.split('|').map((cell) => cell.trim())))
}

function readScene(cells: readonly string[]): DescribedScene {
  const [id = '', band, seen = '', dwellS = '', hourText = '', mode, home = '', more = '', words = ''] = cells
  const hour = Number(hourText)
  return {
    ...{ id: Number(id), words, expected: oneOf(bandNames, band), heldOut: Number(id) % HELD_OUT_EVERY === 0 },
    facts: {
      classes: readClasses(seen),
      dwellMs: Number(dwellS) * 1_000,
      hour,
      night: hour >= NIGHT_FROM_HOUR || hour < NIGHT_TO_HOUR,
      mode: oneOf<HomeMode>(HOME_MODES, mode),
      atHome: home === '-' ? null : home === 'none' ? [] : home.split(','),
      ...readMore(more.split(' ')),
    },
  }
}

const bandNames = RISK_BANDS.map(({ band }) => band)

function oneOf<T extends string>(known: readonly T[], word: string | undefined): T {
  const found = known.find((each) => each === word)
  if (found === undefined) throw new Error(`risk-scenes.txt: ${String(word)} is none of ${known.join(', ')}`)
  return found
}

function readClasses(text: string): SceneFacts['classes'] {
  const bestScore = text.endsWith(' weak') ? WEAK : SURE
  return text
    .replace(/ weak$/, '')
    .split('+')
    .map((each) => {
      const [name, count = '1'] = each.split('*')
      return { class: oneOf<ObjectClass>(OBJECT_CLASSES, name), count: Number(count), bestScore }
    })
}

type More = Omit<SceneFacts, 'classes' | 'dwellMs' | 'hour' | 'night' | 'mode' | 'atHome'>

const PER_HOUR = { unusual: 0.02, ordinary: 0.2, usual: 0.8 } as const

function readMore(marks: readonly string[]): More {
  const valueOf = (name: string): string | undefined =>
    marks.find((mark) => mark.startsWith(`${name}=`))?.slice(name.length + 1)
  const usual = (['unusual', 'ordinary', 'usual'] as const).find((each) => marks.includes(each))
  const [who, name = ''] = valueOf('expected')?.split(':') ?? []
  const points = valueOf('feedback')
  return {
    expected: who === undefined ? null : { who: oneOf(WHO, who), name: name.replaceAll('_', ' ') },
    usualness: usual === undefined ? { state: 'learning' } : { state: usual, perHour: PER_HOUR[usual] },
    earlierVisits: Number(valueOf('earlier') ?? 0),
    camerasSeen: Number(valueOf('cameras') ?? 1),
    zones: valueOf('zone')?.split(',') ?? [],
    plugsSwitched: (valueOf('plug')?.split(',') ?? []).map((plug) => plug.replaceAll('_', ' ')),
    feedback: points === undefined ? null : { points: Number(points), words: 'Marked before.' },
  }
}

const WHO = ['household', 'visitor', 'vehicle', 'animal'] as const
