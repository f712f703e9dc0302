import type { Box } from '../../api/common.ts'
import { intersectionOf } from '../boxes.ts'
import type { Detection, SeenTrack } from '../types.ts'
import { associate, BIRTH_SCORE } from './match.ts'
import { returnOf } from './return.ts'
import {
  expectedBox,
  firstSighting,
  isGone,
  isOver,
  isReported,
  setBack,
  sighted,
  toVisible,
  type Track,
} from './track.ts'

export { MIN_SCORE } from './match.ts'
export { isFollowed, isOver, isStill, type Track } from './track.ts'

export interface TrackerInput {
  detections: readonly Detection[]
  /** `capturedAt` of the frame that was looked at. */
  at: number
  /** Where the picture changed. */
  motion: readonly Box[]
  /** What of the picture was looked at; what lies elsewhere was not missed. All of it, if left out. */
  looked?: readonly Box[]
  /** The camera was silent for so long that nobody can be followed across. */
  isAfterGap?: boolean
  newId(): string
}

export interface TrackerOutput {
  tracks: readonly Track[]
  /** Confirmed and found in this frame. */
  visible: readonly SeenTrack[]
  /** Ids of confirmed tracks that are gone for good. */
  ended: readonly string[]
  /** Something was seen that was not followed before. */
  hasNew: boolean
}

const WHOLE: Box = { x: 0, y: 0, width: 1, height: 1 }
/** A track's place was looked at when so much of it lay in a region. */
const IN_VIEW = 0.6

/** Follows things from look to look. Pure: the same input gives the same output, whatever the order of detections. */
export function updateTracks(known: readonly Track[], input: TrackerInput): TrackerOutput {
  const { at, motion, newId, looked = [WHOLE] } = input
  const old = input.isAfterGap ? [] : onTime(known, at)
  const detections = input.detections.toSorted(inOrder)
  const matches = associate(old, detections, at)

  const used = new Set(matches.values())
  const seen = [...matches].map(([track, detection]) => sighted(track, detection, at, motion))
  const isNew = (each: Detection): boolean => each.score >= BIRTH_SCORE && !used.has(each)
  const born = detections.filter(isNew).map((detection) => firstSighting(newId(), detection, at, motion))
  const unseen = old.filter((track) => !matches.has(track)).map((track) => unsighted(track, old, at, looked))
  const over = unseen.filter((track) => isOver(track, at))
  const kept = unseen.filter((track) => !over.includes(track))
  const inSight = [...seen, ...born]
  const ended = (input.isAfterGap ? known : over).filter((track) => track.isConfirmed && track.hasMoved)
  return {
    tracks: [...inSight, ...kept],
    visible: inSight.filter(isReported).map(toVisible),
    ended: ended.map(({ id }) => id),
    hasNew: born.length > 0,
  }
}

/** A clock that was set back makes nobody older: all times go back with it. */
function onTime(tracks: readonly Track[], at: number): readonly Track[] {
  const latest = Math.max(-Infinity, ...tracks.map(({ lastSeenAt }) => lastSeenAt))
  return latest > at ? tracks.map((track) => setBack(track, latest - at)) : tracks
}

function unsighted(track: Track, all: readonly Track[], at: number, looked: readonly Box[]): Track {
  if (isGone(track, at)) return track
  if (!isInView(expectedBox(track, at), looked)) return track
  const others = all.filter((other) => other !== track)
  return { ...track, misses: track.misses + 1, mayReturn: track.mayReturn ?? returnOf(track, others, at) }
}

/** Of somebody who walks out of the picture only what is still in it can be looked at; who is out of it was missed. */
function isInView(place: Box, looked: readonly Box[]): boolean {
  const inside = intersectionOf(place, WHOLE)
  return inside === 0 || looked.some((region) => intersectionOf(place, region) >= IN_VIEW * inside)
}

/** Best first; equals by place, so that the order in which a model lists them does not matter. */
function inOrder(a: Detection, b: Detection): number {
  return (
    b.score - a.score ||
    a.box.x - b.box.x ||
    a.box.y - b.box.y ||
    a.box.width - b.box.width ||
    a.box.height - b.box.height ||
    a.class.localeCompare(b.class)
  )
}
