import { centreDistance, iou } from '../boxes.ts'
import { mayBeTheSame } from '../coco.ts'
import type { Detection } from '../types.ts'
import { returnLikeness } from './return.ts'
import { expectedBox, isGone, type Track } from './track.ts'

/** Detections below are used only to keep a track that is already there. */
export const MIN_SCORE = 0.25
/** A new thing needs at least this. */
export const BIRTH_SCORE = 0.42
const MIN_IOU = 0.2
/** Without overlap, a thing may have gone this many box lengths since the last look. */
const MAX_DISTANCE = 0.9

type Likeness = (track: Track, found: Detection) => number | null

/**
 * Which detection is which track: boxes of good score by overlap, then by nearness; doubtful ones only by overlap (as
 * ByteTrack does); what is left of the good ones may be somebody who comes back. `detections` come best first.
 */
export function associate(
  tracks: readonly Track[],
  detections: readonly Detection[],
  at: number,
): Map<Track, Detection> {
  const expected = new Map(tracks.map((track) => [track, expectedBox(track, at)]))
  const good = detections.filter(({ score }) => score >= BIRTH_SCORE)
  const doubtful = detections.filter(({ score }) => score < BIRTH_SCORE && score >= MIN_SCORE)
  const present = tracks.filter((track) => !isGone(track, at))
  const away = tracks.filter((track) => isGone(track, at))
  const overlap: Likeness = (track, found) => {
    const shared = iou(expected.get(track) ?? track.box, found.box)
    return shared >= MIN_IOU && mayBeTheSame(track.name, found.class) ? shared : null
  }
  const nearness: Likeness = (track, found) => {
    const distance = centreDistance(expected.get(track) ?? track.box, found.box)
    return distance <= MAX_DISTANCE && mayBeTheSame(track.name, found.class) ? -distance : null
  }

  const matches = new Map<Track, Detection>()
  const used = new Set<Detection>()
  addBest(matches, used, present, good, overlap)
  addBest(matches, used, present, good, nearness)
  addBest(matches, used, present, doubtful, overlap)
  addBest(matches, used, away, good, returnLikeness)
  return matches
}

/** Adds the best pairs first; a track and a detection are used once. */
function addBest(
  matches: Map<Track, Detection>,
  used: Set<Detection>,
  tracks: readonly Track[],
  detections: readonly Detection[],
  likeness: Likeness,
): void {
  const pairs: { track: Track; detection: Detection; value: number }[] = []
  for (const track of tracks) {
    if (matches.has(track)) continue
    for (const detection of detections) {
      if (used.has(detection)) continue
      const value = likeness(track, detection)
      if (value !== null) pairs.push({ track, detection, value })
    }
  }
  for (const { track, detection } of pairs.sort((a, b) => b.value - a.value)) {
    if (matches.has(track) || used.has(detection)) continue
    matches.set(track, detection)
    used.add(detection)
  }
}
