// The sentence that answers "is everything all right?". Pure: what is known goes in, words come out.
import { dayAndTime } from '../../format.ts'
import { incidentLine } from '../../parts/incident-words.ts'
import { t } from '../../text/index.ts'
import type { Camera, Incident, Notice } from '../../wire.ts'

export interface Known {
  reachable: boolean
  cameras: readonly Pick<Camera, 'name' | 'enabled' | 'state'>[]
  incidents: readonly Incident[]
  notices: readonly Pick<Notice, 'level'>[]
  now: number
  timeZone: string
}

/** `calm`: nothing to do. `lively`: somebody is there. `care`: something needs the owner. `unknown`: cannot tell. */
export type Mood = 'calm' | 'lively' | 'care' | 'unknown'

export interface Sentence {
  mood: Mood
  first: string
  second: string
}

const words = t.now

/** The most important thing first: not knowing, somebody there, a blind camera, other notices, quiet. */
export function nowSentence(known: Known): Sentence {
  const last = lastWords(known)
  if (!known.reachable) return { mood: 'unknown', first: words.unknown, second: words.unknownText }
  const open = known.incidents.filter(({ state }) => state === 'open')
  if (open[0]) {
    const second = open.length > 1 ? words.others(open.length - 1) : ''
    return { mood: 'lively', first: words.happening(incidentLine(open[0])), second }
  }
  const down = known.cameras.filter(({ enabled, state }) => enabled && (state === 'stalled' || state === 'failed'))
  if (down[0]) {
    const first = down.length === 1 ? words.cameraDown(down[0].name) : words.camerasDown(down.length)
    return { mood: 'care', first, second: last }
  }
  const urgent = known.notices.filter(({ level }) => level !== 'info')
  if (urgent.length > 0) return { mood: 'care', first: words.needsYou(urgent.length), second: last }
  if (known.cameras.length === 0) return { mood: 'unknown', first: words.blind, second: words.blindText }
  return { mood: 'calm', first: words.quiet, second: last }
}

function lastWords({ incidents, now, timeZone }: Known): string {
  const last = incidents[0]
  return last ? words.last(incidentLine(last), dayAndTime(last.openedAt, now, timeZone)) : words.nothingYet
}
