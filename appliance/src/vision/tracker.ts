import type { Box, ObjectClass } from '../api/common.ts'
import { areaOf, centreDistance, intersectionOf, iou } from './boxes.ts'
import { isVehicle, mayBeTheSame } from './coco.ts'
import type { Detection, VisibleTrack } from './types.ts'

/** One thing that is followed. Times are epoch milliseconds of frames, boxes are fractions of the picture. */
export interface Track {
  id: string
  box: Box
  /** Movement of the centre, fractions of the picture a second. */
  velocity: { x: number; y: number }
  firstSeenAt: number
  lastSeenAt: number
  bestScore: number
  lastScore: number
  /** Sum of scores by class: the name that models give most. */
  votes: Partial<Record<ObjectClass, number>>
  sightings: number
  /** Looks in a row that did not find it. */
  misses: number
  isConfirmed: boolean
  /** A vehicle counts only once it was seen moving. */
  hasMoved: boolean
  /** Where it stood when it last moved, and since when it stands there. */
  anchor: Box
  stillSince: number
}

export interface TrackerInput {
  detections: readonly Detection[]
  /** `capturedAt` of the frame that was looked at. */
  at: number
  /** Where the picture changed. */
  motion: readonly Box[]
  newId(): string
}

export interface TrackerOutput {
  tracks: readonly Track[]
  /** Confirmed and found in this frame. */
  visible: readonly VisibleTrack[]
  /** Ids of confirmed tracks that are gone for good. */
  ended: readonly string[]
}

/** Detections below are used only to keep a track that is already there. */
export const MIN_SCORE = 0.25
/** A new thing needs at least this. */
const BIRTH_SCORE = 0.42
/** One sighting this sure is enough. */
const SURE_SCORE = 0.6
const MIN_IOU = 0.2
/** Without overlap, a thing may have gone this many box lengths since the last look. */
const MAX_DISTANCE = 0.9
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

/**
 * Follows things from look to look: boxes of good score are matched first, by overlap and then by nearness, doubtful
 * ones only prolong what is known (as ByteTrack does). Pure: the same input gives the same output.
 */
export function updateTracks(tracks: readonly Track[], input: TrackerInput): TrackerOutput {
  const predicted = new Map(tracks.map((track) => [track, predict(track, input.at)]))
  const good = input.detections.filter(({ score }) => score >= BIRTH_SCORE)
  const doubtful = input.detections.filter(({ score }) => score < BIRTH_SCORE && score >= MIN_SCORE)
  const matches = new Map<Track, Detection>()
  match(good, predicted, matches, overlapOf)
  match(good, predicted, matches, nearnessOf)
  match(doubtful, predicted, matches, overlapOf)

  const used = new Set(matches.values())
  const seen = [...matches].map(([track, detection]) => sighted(track, detection, input))
  const born = good.filter((detection) => !used.has(detection)).map((detection) => firstSighting(detection, input))
  const missed = tracks.filter((track) => !matches.has(track)).map((track) => ({ ...track, misses: track.misses + 1 }))
  const kept = missed.filter((track) => !isLost(track, input.at))
  const ended = missed.filter((track) => track.isConfirmed && track.hasMoved && isLost(track, input.at))
  const inSight = [...seen, ...born]
  return {
    tracks: [...inSight, ...kept],
    visible: inSight.filter(isReported).map(toVisible),
    ended: ended.map(({ id }) => id),
  }
}

/** A thing that has stood still for a while: it needs a look now and then only. */
export function isStill(track: Track, at: number): boolean {
  return track.isConfirmed && track.misses === 0 && at - track.stillSince >= STILL_AFTER_MS
}

/** Parked vehicles are followed, so that they are known, but not reported. */
function isReported(track: Track): boolean {
  return track.isConfirmed && track.hasMoved && !(isVehicle(nameOf(track)) && isStill(track, track.lastSeenAt))
}

function isLost(track: Track, at: number): boolean {
  if (!track.isConfirmed) return track.misses >= TENTATIVE_MISSES
  return track.misses >= LOST_MISSES && at - track.lastSeenAt >= LOST_AFTER_MS
}

function predict({ box, velocity, lastSeenAt }: Track, at: number): Box {
  const seconds = Math.min(Math.max(at - lastSeenAt, 0), MAX_PREDICTION_MS) / 1_000
  return { ...box, x: box.x + velocity.x * seconds, y: box.y + velocity.y * seconds }
}

type Likeness = (expected: Box, found: Box) => number | null

const overlapOf: Likeness = (expected, found) => {
  const overlap = iou(expected, found)
  return overlap >= MIN_IOU ? overlap : null
}

const nearnessOf: Likeness = (expected, found) => {
  const distance = centreDistance(expected, found)
  return distance <= MAX_DISTANCE ? -distance : null
}

/** Adds the best pairs first; a track and a detection are used once. */
function match(
  detections: readonly Detection[],
  predicted: ReadonlyMap<Track, Box>,
  matches: Map<Track, Detection>,
  likeness: Likeness,
): void {
  const used = new Set(matches.values())
  const pairs: { track: Track; detection: Detection; value: number }[] = []
  for (const [track, box] of predicted) {
    if (matches.has(track)) continue
    for (const detection of detections) {
      if (used.has(detection) || !mayBeTheSame(nameOf(track), detection.class)) continue
      const value = likeness(box, detection.box)
      if (value !== null) pairs.push({ track, detection, value })
    }
  }
  for (const { track, detection } of pairs.sort((a, b) => b.value - a.value)) {
    if (matches.has(track) || used.has(detection)) continue
    matches.set(track, detection)
    used.add(detection)
  }
}

function firstSighting({ class: name, score, box }: Detection, { at, motion, newId }: TrackerInput): Track {
  return {
    id: newId(),
    box,
    velocity: { x: 0, y: 0 },
    firstSeenAt: at,
    lastSeenAt: at,
    bestScore: score,
    lastScore: score,
    votes: { [name]: score },
    sightings: 1,
    misses: 0,
    isConfirmed: score >= SURE_SCORE,
    hasMoved: !isVehicle(name) || isInMotion(box, motion),
    anchor: box,
    stillSince: at,
  }
}

function sighted(track: Track, { class: name, score, box }: Detection, { at, motion }: TrackerInput): Track {
  const isSame = centreDistance(track.anchor, box) <= STILL_DISTANCE && iou(track.anchor, box) >= STILL_IOU
  const next = {
    ...track,
    box,
    velocity: nextVelocity(track, box, at),
    lastSeenAt: at,
    bestScore: Math.max(track.bestScore, score),
    lastScore: score,
    votes: { ...track.votes, [name]: (track.votes[name] ?? 0) + score },
    sightings: track.sightings + 1,
    misses: 0,
    // Second sighting within three looks: tentative tracks do not survive more misses.
    isConfirmed: track.isConfirmed || score >= BIRTH_SCORE,
    anchor: isSame ? track.anchor : box,
    stillSince: isSame ? track.stillSince : at,
  }
  const hasMoved = track.hasMoved || !isSame || !isVehicle(nameOf(next)) || isInMotion(box, motion)
  return { ...next, hasMoved }
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

function nameOf({ votes }: Track): ObjectClass {
  let best: ObjectClass = 'person'
  let most = -1
  for (const [name, votesFor] of Object.entries(votes)) {
    if (votesFor <= most) continue
    most = votesFor
    best = name as ObjectClass
  }
  return best
}

function toVisible(track: Track): VisibleTrack {
  const { id, box, lastScore, firstSeenAt, lastSeenAt, bestScore } = track
  return { id, class: nameOf(track), score: lastScore, box, firstSeenAt, lastSeenAt, bestScore }
}
