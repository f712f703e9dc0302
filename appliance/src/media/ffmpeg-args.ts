// Argument lists for ffmpeg: values in, values out. Nothing here is ever put through a shell.
import type { Box } from '../api/common.ts'
import { maskFilter } from './privacy-mask.ts'

/** Where a stream comes from, checked and ready for ffmpeg. */
export type StreamSource =
  | { kind: 'rtsp'; /** With credentials, percent-encoded. */ url: string; transport: 'tcp' | 'udp' }
  | { kind: 'file'; path: string }

export interface StreamOptions {
  source: StreamSource
  /** Pictures a second for detection. */
  framesPerSecond: number
  maxWidth: number
  /** Folder that gets the copied segments; left out: none. */
  segmentFolder?: string | undefined
  /** What nobody shall see, in fractions of the picture: recorded black, which means encoding it again. */
  hidden?: readonly Box[]
}

/** Seconds of video in a recorded segment (more where key pictures are further apart). */
export const SEGMENT_S = 2
/** Longest silence on the network before ffmpeg itself gives up; our own watchdog looks closer. */
const NETWORK_TIMEOUT_US = 10_000_000
/** Containers a `file` source may be. Play lists are not among them: they name further files and addresses. */
const FILE_FORMATS = ['mov,mp4,m4a,3gp,3g2,mj2', 'matroska,webm', 'avi', 'mpegts', 'mpeg', 'h264', 'hevc', 'flv'].join(
  ',',
)

const QUIET = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info']

/**
 * Arguments up to and with `-i`. Live sources are opened with as little waiting as possible: no frame-rate guessing
 * (`-fpsprobesize 0`), no buffering, one decoding thread (each further one delays by a picture).
 */
export function inputArgs(source: StreamSource, live: boolean): string[] {
  if (source.kind === 'file') {
    const pace = live ? ['-re', '-stream_loop', '-1'] : []
    return [
      ...pace,
      '-format_whitelist',
      FILE_FORMATS,
      '-protocol_whitelist',
      'file',
      '-threads',
      '1',
      '-i',
      `file:${source.path}`,
    ]
  }
  return [
    ...['-fflags', 'nobuffer', '-flags', 'low_delay', '-fpsprobesize', '0', '-analyzeduration', '3000000'],
    ...['-protocol_whitelist', 'rtsp,rtp,tcp,udp', '-rtsp_transport', source.transport],
    ...['-allowed_media_types', 'video', '-timeout', String(NETWORK_TIMEOUT_US)],
    ...['-threads', '1', '-i', source.url],
  ]
}

/**
 * Lets a picture through as soon as its time has come (the `fps` filter would hold it until the next one arrives). `abs`
 * keeps a camera going whose clock jumps back; the tolerance of 10 % makes 15, 25 and 30 pictures a second come out even.
 */
function pick(framesPerSecond: number): string {
  const gap = (0.9 / framesPerSecond).toFixed(3)
  return `select='isnan(prev_selected_t)+gte(abs(t-prev_selected_t),${gap})'`
}

/** At most `maxWidth` wide, both sides even. Chosen pictures only: scaling comes after picking. */
function shrink(maxWidth: number): string {
  return `scale=w='trunc(min(${maxWidth},iw)/2)*2':h='trunc(ih*min(${maxWidth},iw)/iw/2)*2':flags=fast_bilinear`
}

const RAW_VIDEO = ['-pix_fmt', 'yuv420p', '-vsync', 'passthrough', '-f', 'yuv4mpegpipe', 'pipe:1']

/**
 * One process a camera, two outputs: small pictures on standard output (YUV4MPEG2, so that their size comes along) and
 * the untouched stream in segments named by the second they began.
 */
export function cameraStreamArgs(options: StreamOptions): string[] {
  const { source, framesPerSecond, maxWidth, segmentFolder, hidden = [] } = options
  const filter = `${pick(framesPerSecond)},${shrink(maxWidth)}`
  const pictures = ['-map', '0:v:0', '-an', '-sn', '-vf', filter, ...RAW_VIDEO]
  return [
    ...QUIET,
    '-filter_threads',
    '1',
    ...inputArgs(source, true),
    ...pictures,
    ...segmentArgs(segmentFolder, hidden),
  ]
}

/** Copied as they come; where something is hidden, drawn over and encoded again, and named so that nobody joins the two. */
function segmentArgs(folder: string | undefined, hidden: readonly Box[]): string[] {
  if (folder === undefined) return []
  const isMasked = hidden.length > 0
  const name = isMasked ? '%s.masked.ts' : '%s.ts'
  return [
    ...['-map', '0:v:0', '-an', '-sn', ...(isMasked ? maskedArgs(hidden) : ['-c', 'copy'])],
    ...['-f', 'segment', '-segment_time', String(SEGMENT_S)],
    ...['-segment_format', 'mpegts', '-strftime', '1', `${folder.replaceAll('%', '%%')}/${name}`],
  ]
}

/** Wide enough to tell a face, and half the work of full HD. */
const MASKED_WIDTH = 1_280

/** A key picture where each segment begins; no lookahead, so that a segment is born when its first picture comes. */
function maskedArgs(hidden: readonly Box[]): string[] {
  return [
    ...['-vf', `${shrink(MASKED_WIDTH)},${maskFilter(hidden)}`, '-vsync', 'passthrough'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-crf', '25', '-threads', '1'],
    ...['-force_key_frames', `expr:gte(t,n_forced*${SEGMENT_S})`],
  ]
}

/** One picture and the end: for trying an address. */
export function previewArgs(source: StreamSource, maxWidth: number): string[] {
  return [
    ...QUIET,
    ...inputArgs(source, false),
    '-map',
    '0:v:0',
    '-an',
    '-frames:v',
    '1',
    '-vf',
    shrink(maxWidth),
    ...RAW_VIDEO,
  ]
}

export interface CutOptions {
  /** A list for ffmpeg's concat reader, made by `concatList`. */
  listFile: string
  outputFile: string
  durationMs: number
  /** False: encoded again as H.264, for browsers that cannot play what the camera sends. */
  copy: boolean
}

/** Cuts recorded segments into one MP4 that plays while it loads. Progress on standard output tells its length. */
export function cutArgs({ listFile, outputFile, durationMs, copy }: CutOptions): string[] {
  const encoding = copy
    ? ['-c', 'copy']
    : ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '24', '-pix_fmt', 'yuv420p', '-threads', '1']
  return [
    ...QUIET,
    ...['-y', '-protocol_whitelist', 'file', '-f', 'concat', '-safe', '0', '-i', `file:${listFile}`],
    ...['-map', '0:v:0', '-an', '-t', (durationMs / 1_000).toFixed(3), ...encoding],
    ...['-movflags', '+faststart', '-progress', 'pipe:1', '-f', 'mp4', `file:${outputFile}`],
  ]
}

/** Each segment with the time until the next one began: the clip then runs as the clock on the wall did, gaps included. */
export function concatList(segments: readonly { path: string; durationMs: number }[]): string {
  const lines = segments.flatMap(({ path, durationMs }) => [
    `file '${path.replaceAll("'", String.raw`'\''`)}'`,
    `duration ${(durationMs / 1_000).toFixed(3)}`,
  ])
  return ['ffconcat version 1.0', ...lines, ''].join('\n')
}
