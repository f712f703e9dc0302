/** A kept piece of a camera's stream; it begins with a key picture. */
export interface Segment {
  file: string
  /** Epoch milliseconds. */
  startMs: number
  /** When its last bytes came. */
  endMs: number
  /** When a camera sent it afterwards; what is kept is reckoned from there. Left out: as it was recorded. */
  arrivedMs?: number
  /** Drawn over and encoded here: cannot be joined with what was copied. */
  masked: boolean
  /** One JPEG of a camera that sends such; it stands until the next one. */
  isPicture?: true
}

export interface SegmentFile {
  name: string
  /** 0 where the file system does not know. */
  bornMs: number
  changedMs: number
}

/** So long a picture stands at most when none follows: cameras are asked for one a minute at the rarest. */
const LONGEST_STAND_MS = 90_000
/** How long the last one stands. */
const LAST_STANDS_MS = 1_000

/** How far the time of birth may lie from the second in the name and still be believed. */
const BELIEVABLE_MS = 1_500

/**
 * The segments of a folder in order of time. ffmpeg names them by whole seconds; when the file system knows the moment
 * of birth, that is the finer truth (files that were copied elsewhere fall back to their names).
 */
export function readSegments(files: readonly SegmentFile[]): Segment[] {
  const segments = files.flatMap(({ name, bornMs, changedMs }) => {
    const picture = /^(\d{12,14})(\.masked)?\.jpg$/.exec(name)
    if (picture) return [pictureSegment(name, Number(picture[1]), picture[2] !== undefined)]
    const [, second, arrived, masked] = /^(\d{9,11})(?:-(\d{9,11}))?(\.masked)?\.ts$/.exec(name) ?? []
    if (second === undefined) return []
    const namedMs = Number(second) * 1_000
    const startMs = Math.abs(bornMs - namedMs) <= BELIEVABLE_MS ? Math.round(bornMs) : namedMs
    const endMs = Math.max(startMs, Math.round(changedMs))
    const segment = { file: name, startMs, endMs, masked: masked !== undefined }
    return [arrived === undefined ? segment : { ...segment, startMs: namedMs, arrivedMs: Number(arrived) * 1_000 }]
  })
  return segments.sort((a, b) => a.startMs - b.startMs).map((segment, n, all) => standing(segment, all[n + 1]))
}

const pictureSegment = (file: string, startMs: number, masked: boolean): Segment => ({
  ...{ file, startMs, endMs: startMs + LAST_STANDS_MS, masked },
  isPicture: true,
})

function standing(segment: Segment, next: Segment | undefined): Segment {
  const lastsMs = next && segment.isPicture ? next.startMs - segment.startMs : Infinity
  return lastsMs <= LONGEST_STAND_MS ? { ...segment, endMs: segment.startMs + lastsMs } : segment
}

/** Those that show anything between two times. */
export function segmentsBetween(segments: readonly Segment[], fromMs: number, toMs: number): Segment[] {
  return segments.filter((segment, n) => segment.startMs < toMs && reach(segment, segments[n + 1]) > fromMs)
}

/** Where a mask was drawn meanwhile, or the camera got another address: the part of one kind that shows the most; masked when in doubt. */
export function ofOneKind(segments: readonly Segment[]): Segment[] {
  const lengthOf = (all: readonly Segment[]): number => all.reduce((sum, each) => sum + each.endMs - each.startMs, 0)
  const isPicture = (each: Segment): boolean => each.isPicture === true
  const kinds = [true, false].flatMap((masked) =>
    [true, false].map((picture) => segments.filter((each) => each.masked === masked && isPicture(each) === picture)),
  )
  return kinds.reduce((best, kind) => (lengthOf(kind) > lengthOf(best) ? kind : best))
}

/** A finished segment reaches to the next one when that follows directly. */
function reach(segment: Segment, next: Segment | undefined): number {
  const follows = next !== undefined && segment.arrivedMs === undefined && next.startMs - segment.endMs < BELIEVABLE_MS
  return follows ? next.startMs : segment.endMs
}

/** Names of what is no longer needed: older than `keepMs`, or from a future that a corrected clock took back. */
export function outdated(segments: readonly Segment[], nowMs: number, keepMs: number): string[] {
  const tooOld = (segment: Segment): boolean => (segment.arrivedMs ?? segment.endMs) < nowMs - keepMs
  const notYet = (segment: Segment): boolean => segment.startMs > nowMs + keepMs
  return segments.filter((segment) => tooOld(segment) || notYet(segment)).map((segment) => segment.file)
}

/** How long each segment stands in a clip: until the next one begins, so that a clip runs as the clock did. */
export function lengthsInClip(segments: readonly Segment[]): number[] {
  return segments.map((segment, n) => Math.max(1, (segments[n + 1]?.startMs ?? segment.endMs) - segment.startMs))
}
