import type { Box, ObjectClass } from '../../api/common.ts'
import { areaOf, centreDistance, intersectionOf, iou } from '../boxes.ts'
import { isVehicle } from '../coco.ts'
import type { Detection, SeenTrack } from '../types.ts'
import { isConvincing, KEPT_SCORES } from './confirmation.ts'

/** One thing that is followed. Times are epoch milliseconds of frames, boxes are fractions of the picture. */
export interface Track {
  id: string
  /** The name that the model gave most, by score. */
  name: ObjectClass
  box: Box
  /** Movement of the centre, fractions of the picture a second. */
  velocity: { x: number; y: number }
  firstSeenAt: number
  lastSeenAt: number
  bestScore: number
  /** The last few. */
  scores: readonly number[]
  /** Sum of scores by class. */
  votes: Partial<Record<ObjectClass, number>>
  sightings: number
  /** Looks in a row that saw its place and did not find it. */
  misses: number
  isConfirmed: boolean
  /** A vehicle counts only once it was seen moving. */
  hasMoved: boolean
  /** Where it stood when it last moved, and since when it stands there. */
  anchor: Box
  stillSince: number
  /** It went out of the picture, or behind a car. Null: whoever comes there now is somebody else. */
  mayReturn: Return | null
}

/** Where one who went away comes back, if he is the same, and how soon. */
export interface Return {
  area: Box
  withinMs: number
}

const TENTATIVE_MISSES = 2
const LOST_AFTER_MS = 2_000
const LOST_MISSES = 3
const MAX_PREDICTION_MS = 1_000
const STILL_AFTER_MS = 10_000
/** Boxes jitter from look to look; farther than this many box lengths from its anchor, or less overlap, is movement. */
const STILL_DISTANCE = 0.2
const STILL_IOU = 0.4
/** A vehicle is on its way when this share of its box is in motion. */
const MOVING_SHARE = 0.3

/** A thing that has stood still for a while: it needs a look now and then only. */
export function isStill(track: Track, at: number): boolean {
  return track.isConfirmed && track.misses === 0 && at - track.stillSince >= STILL_AFTER_MS
}

/** Looked for several times without success; if at all, it comes back where it went. */
export function isGone({ misses, lastSeenAt }: Track, at: number): boolean {
  return misses >= LOST_MISSES && at - lastSeenAt >= LOST_AFTER_MS
}

/** Needs a look at every picture: who moves, or has just been lost. */
export function isFollowed(track: Track, at: number): boolean {
  return !isStill(track, at) && !isGone(track, at)
}

/** Over for good. */
export function isOver(track: Track, at: number): boolean {
  if (!track.isConfirmed) return track.misses >= TENTATIVE_MISSES
  if (!isGone(track, at)) return false
  return track.mayReturn === null || at - track.lastSeenAt >= track.mayReturn.withinMs
}

/** Parked vehicles are followed, so that they are known, but not reported. */
export function isReported(track: Track): boolean {
  return track.isConfirmed && track.hasMoved && !(isVehicle(track.name) && isStill(track, track.lastSeenAt))
}

/** Where it should be by now, if it went on as before. */
export function expectedBox({ box, velocity, lastSeenAt }: Track, at: number): Box {
  const seconds = Math.min(Math.max(at - lastSeenAt, 0), MAX_PREDICTION_MS) / 1_000
  return { ...box, x: box.x + velocity.x * seconds, y: box.y + velocity.y * seconds }
}

export function firstSighting(id: string, detection: Detection, at: number, motion: readonly Box[]): Track {
  const { class: name, score, box } = detection
  return {
    ...{ id, name, box, velocity: { x: 0, y: 0 }, firstSeenAt: at, lastSeenAt: at, bestScore: score },
    ...{ scores: [score], votes: { [name]: score }, sightings: 1, misses: 0, anchor: box, stillSince: at },
    isConfirmed: isConvincing(name, [score]),
    hasMoved: !isVehicle(name) || isInMotion(box, motion),
    mayReturn: null,
  }
}

export function sighted(track: Track, detection: Detection, at: number, motion: readonly Box[]): Track {
  const { class: called, score, box } = detection
  const isSame = centreDistance(track.anchor, box) <= STILL_DISTANCE && iou(track.anchor, box) >= STILL_IOU
  const votes = { ...track.votes, [called]: (track.votes[called] ?? 0) + score }
  const name = winnerOf(votes)
  const scores = [...track.scores, score].slice(-KEPT_SCORES)
  return {
    ...track,
    ...{ name, box, votes, scores, lastSeenAt: at, misses: 0, mayReturn: null },
    velocity: nextVelocity(track, box, at),
    bestScore: Math.max(track.bestScore, score),
    sightings: track.sightings + 1,
    isConfirmed: track.isConfirmed || isConvincing(name, scores),
    hasMoved: track.hasMoved || !isSame || !isVehicle(name) || isInMotion(box, motion),
    anchor: isSame ? track.anchor : box,
    stillSince: isSame ? track.stillSince : at,
  }
}

/** The same track after the clock was set back by `byMs`. */
export function setBack(track: Track, byMs: number): Track {
  return {
    ...track,
    firstSeenAt: track.firstSeenAt - byMs,
    lastSeenAt: track.lastSeenAt - byMs,
    stillSince: track.stillSince - byMs,
  }
}

function nextVelocity(track: Track, box: Box, at: number): { x: number; y: number } {
  const seconds = (at - track.lastSeenAt) / 1_000
  if (seconds <= 0) return track.velocity
  const x = (box.x + box.width / 2 - track.box.x - track.box.width / 2) / seconds
  const y = (box.y + box.height / 2 - track.box.y - track.box.height / 2) / seconds
  if (track.sightings === 1) return { x, y }
  return { x: (track.velocity.x + x) / 2, y: (track.velocity.y + y) / 2 }
}

function isInMotion(box: Box, motion: readonly Box[]): boolean {
  const covered = motion.reduce((sum, area) => sum + intersectionOf(box, area), 0)
  return covered >= MOVING_SHARE * areaOf(box)
}

function winnerOf(votes: Track['votes']): ObjectClass {
  let best: ObjectClass = 'person'
  let most = -1
  for (const [name, votesFor] of Object.entries(votes)) {
    if (votesFor <= most) continue
    most = votesFor
    best = name as ObjectClass
  }
  return best
}

export function toVisible({ id, name, box, scores, firstSeenAt, lastSeenAt, bestScore }: Track): SeenTrack {
  return { id, class: name, score: scores.at(-1) ?? 0, box, firstSeenAt, lastSeenAt, bestScore }
}
