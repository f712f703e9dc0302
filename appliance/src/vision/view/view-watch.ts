import type { ViewState } from '../../api/views.ts'
import { likeness, type Look } from './likeness.ts'

/** By day in colours, with infrared light in gray: the same place looks different, so each has its own reference. */
export type Tint = 'colour' | 'gray'

export interface Reference extends Look {
  tint: Tint
}

export interface ViewWatch {
  state(): ViewState
  references(): readonly Reference[]
  /** Once a second, with the look of the last few seconds. True when a reference came about or was renewed. */
  see(look: Look, tint: Tint, at: number): boolean
  /** Whether there was a picture yet. */
  hasLook(): boolean
  /** The owner says that it is to look as it does now. */
  accept(): void
}

/** A lorry may stand in front of the lens for twenty. */
const CONFIRM_MS = 30_000
const CLEAR_MS = 5_000
/** Evening and fog take longer than that; paint, tape and a knock do not. */
const SUDDEN_MS = 8_000
const SETTLE_LOOKS = 20
/** Shares of what the reference has. */
const COVERED_STRUCTURE = 0.2
const GOOD_STRUCTURE = 0.5
const BLURRED_SHARPNESS = 0.35
const GOOD_SHARPNESS = 0.6
/** Of the places with edges. */
const OTHER_VIEW = 0.3
const SAME_VIEW = 0.4
/** Of the brightness: less, and it may be the light that went. */
const LIT = 0.6
/** In the dark nothing can be told from nothing: a light that goes out is no paint. */
const DARK = 28
/** Seasons, parked cars and shadows are followed within a quarter of an hour. */
const FOLLOW = 1 / 600

interface Judged {
  is: ViewState | 'unknown'
  isGood: boolean
}

/** Compares a look with how the camera looked before. */
export function judgeLook(look: Look, reference: Reference): Judged {
  const alike = likeness(look, reference)
  const structure = look.structure / reference.structure
  const sharpness = look.sharpness / Math.max(0.02, reference.sharpness)
  const isOther = alike !== null && alike < OTHER_VIEW
  const isFlat = structure < COVERED_STRUCTURE
  // Where the light went, faint edges that still fit say that it is the same place.
  const isLit = look.brightness >= LIT * reference.brightness
  if (isFlat && (isLit || isOther || alike === null))
    return { is: look.brightness < DARK ? 'unknown' : 'covered', isGood: false }
  if (isOther) return { is: 'moved', isGood: false }
  const hasFine = reference.sharpness > 0.1
  if (hasFine && sharpness < BLURRED_SHARPNESS && look.brightness >= DARK) return { is: 'blurred', isGood: false }
  const isGood = (alike ?? 1) >= SAME_VIEW && structure >= GOOD_STRUCTURE && (!hasFine || sharpness >= GOOD_SHARPNESS)
  return { is: isGood || (alike ?? 1) >= SAME_VIEW ? 'fine' : 'unknown', isGood }
}

export function createViewWatch(stored: readonly Reference[] = []): ViewWatch {
  let references: Reference[] = [...stored]
  let state: ViewState = 'fine'
  /** After a start everything may have happened while nobody looked: that counts as sudden. */
  let goodAt: number | null = null
  let suspicion: { since: number; isSudden: boolean } | null = null
  let fineSince: number | null = null
  let settled = 0
  let latest: { look: Look; tint: Tint } | null = null

  function adopt(look: Look, tint: Tint): void {
    const reference = { ...look, picture: look.picture.slice(), tint }
    references = [...references.filter((each) => each.tint !== tint && isSameSize(each, look)), reference]
    settled = 0
  }

  function suspect(is: ViewState, at: number): void {
    fineSince = null
    const isSudden = goodAt === null || at - goodAt <= SUDDEN_MS
    suspicion ??= { since: at, isSudden }
    if (is !== 'moved' && !suspicion.isSudden) return
    if (at - suspicion.since >= CONFIRM_MS) state = is
  }

  function relax(isGood: boolean, at: number): void {
    suspicion = null
    if (isGood) goodAt = at
    fineSince ??= at
    if (at - fineSince >= CLEAR_MS) state = 'fine'
  }

  return {
    state: () => state,
    references: () => references,
    hasLook: () => latest !== null,
    see(look, tint, at) {
      latest = { look, tint }
      const own = references.find((each) => each.tint === tint && isSameSize(each, look))
      const other = references.find((each) => isSameSize(each, look))
      const judged = other ? judgeLook(look, own ?? other) : null
      // A tint that was never seen may look different, but not like nothing at all.
      const is = judged && !own && judged.is !== 'covered' ? 'fine' : judged?.is
      if (is === 'unknown') suspicion = null
      else if (is !== undefined && is !== 'fine') suspect(is, at)
      else relax(judged?.isGood ?? false, at)
      if (own) return is === 'fine' && judged?.isGood === true && follow(own, look)
      settled = is === undefined || is === 'fine' ? settled + 1 : 0
      if (settled < SETTLE_LOOKS || look.structure <= 0) return false
      adopt(look, tint)
      return true
    },
    accept() {
      references = []
      if (latest) adopt(latest.look, latest.tint)
      state = 'fine'
      suspicion = null
      goodAt = null
    },
  }
}

const isSameSize = (a: Look, b: Look): boolean => a.width === b.width && a.height === b.height

function follow(reference: Reference, look: Look): true {
  for (let i = 0; i < reference.picture.length; i++) {
    const before = reference.picture[i] as number
    reference.picture[i] = before + ((look.picture[i] as number) - before) * FOLLOW
  }
  reference.structure += (look.structure - reference.structure) * FOLLOW
  reference.sharpness += (look.sharpness - reference.sharpness) * FOLLOW
  return true
}
