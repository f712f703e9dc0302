// Argument lists for ffmpeg: values in, values out. Nothing here is ever put through a shell.
import type { Box } from '../api/common.ts'
import { maskFilter } from './privacy-mask.ts'

import type { HardwareDecoder } from './hardware-decoders.ts'
import { pick, shrink } from './picture-filters.ts'

/** Where a stream comes from, checked and ready for ffmpeg. */
export type StreamSource =
  | { kind: 'rtsp'; /** `rtsp` or `rtsps`, with credentials, percent-encoded. */ url: string; transport: 'tcp' | 'udp' }
  | { kind: 'usb'; /** A device node below /dev. */ device: string; format: UsbFormat }
  | { kind: 'file'; path: string }

/** How a USB camera sends its pictures: packed by itself, or plain (larger, so at fewer pictures a second). */
export type UsbFormat = 'mjpeg' | 'yuyv422' | 'h264'

export interface StreamOptions {
  source: StreamSource
  /** Pictures a second for detection. */
  framesPerSecond: number
  maxWidth: number
  /** Folder that gets the copied segments; left out: none. */
  segmentFolder?: string | undefined
  /** False: nothing is decoded, and standard output tells how it goes on (`readProgress`) instead. */
  withPictures?: boolean
  /** How thoroughly: everything, large pictures without smoothing block edges, key pictures only. */
  effort?: DecodingEffort
  /** A decoder of the machine's; the processor when left out. */
  decoder?: HardwareDecoder | undefined
  /** What nobody shall see, in fractions of the picture: recorded black, which means encoding it again. */
  hidden?: readonly Box[]
}

/**
 * `large`: edges of blocks are not smoothed, a quarter less work; of pictures that are scaled down to a half or a third
 * nothing of it is seen (41 dB at 1 Mbit/s and key pictures 8 s apart). `key`: what an overloaded box can still do.
 */
export type DecodingEffort = 'all' | 'large' | 'key'

/** Seconds of video in a recorded segment (more where key pictures are further apart). */
export const SEGMENT_S = 2
/** Longest silence on the network before ffmpeg itself gives up; our own watchdog looks closer. */
const NETWORK_TIMEOUT_US = 10_000_000
/** Containers a `file` source may be. Play lists are not among them: they name further files and addresses. */
const FILE_FORMATS = ['mov,mp4,m4a,3gp,3g2,mj2', 'matroska,webm', 'avi', 'mpegts', 'mpeg', 'h264', 'hevc', 'flv'].join(
  ',',
)

const QUIET = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info']

/** A file and nothing that it may name: no play lists, no other protocol. */
export function fileInputArgs(path: string): string[] {
  const whitelists = ['-format_whitelist', FILE_FORMATS, '-protocol_whitelist', 'file']
  return [...whitelists, '-threads', '1', '-i', `file:${path}`]
}

/**
 * Arguments up to and with `-i`. Live sources are opened with as little waiting as possible: no frame-rate guessing
 * (`-fpsprobesize 0`), no buffering, one decoding thread (each further one delays by a picture).
 */
export function inputArgs(source: StreamSource, live: boolean): string[] {
  if (source.kind === 'file') {
    const pace = live ? ['-re', '-stream_loop', '-1'] : []
    return [...pace, ...fileInputArgs(source.path)]
  }
  if (source.kind === 'usb') {
    return [
      ...['-f', 'v4l2', '-input_format', source.format, '-protocol_whitelist', 'file'],
      ...['-threads', '1', '-i', source.device],
    ]
  }
  const protocols = source.url.startsWith('rtsps:') ? 'rtsp,rtsps,rtp,tcp,tls' : 'rtsp,rtp,tcp,udp'
  return [
    ...['-fflags', 'nobuffer', '-flags', 'low_delay', '-fpsprobesize', '0', '-analyzeduration', '3000000'],
    ...['-protocol_whitelist', protocols, '-rtsp_transport', source.transport],
    ...['-allowed_media_types', 'video', '-timeout', String(NETWORK_TIMEOUT_US)],
    ...['-threads', '1', '-i', source.url],
  ]
}

const RAW_VIDEO = ['-pix_fmt', 'yuv420p', '-vsync', 'passthrough', '-f', 'yuv4mpegpipe', 'pipe:1']

/** Small pictures on standard output. */
export function framesArgs(framesPerSecond: number, maxWidth: number): string[] {
  const filter = `${pick(framesPerSecond)},${shrink(maxWidth)}`
  return ['-map', '0:v:0', '-an', '-sn', '-vf', filter, ...RAW_VIDEO]
}

/**
 * One process a camera, two outputs: small pictures on standard output (YUV4MPEG2, so that their size comes along) and
 * the untouched stream in segments named by the second they began.
 */
export function cameraStreamArgs(options: StreamOptions): string[] {
  const { source, framesPerSecond, maxWidth, segmentFolder, withPictures = true, effort = 'all', decoder } = options
  const { hidden = [] } = options
  const input = inputArgs(source, true)
  if (!withPictures) return [...QUIET, ...PROGRESS, ...input, ...segmentArgs(segmentFolder, hidden)]
  const filter = `${pick(framesPerSecond)},${decoder ? decoder.shrink(maxWidth) : shrink(maxWidth)}`
  const pictures = ['-map', '0:v:0', '-an', '-sn', '-vf', filter, ...RAW_VIDEO]
  const decoding = [...(decoder?.inputArgs ?? []), ...EFFORTS[effort]]
  return [...QUIET, '-filter_threads', '1', ...decoding, ...input, ...pictures, ...segmentArgs(segmentFolder, hidden)]
}

const PROGRESS = ['-progress', 'pipe:1', '-stats_period', '1']
const EFFORTS: Readonly<Record<DecodingEffort, readonly string[]>> = {
  all: [],
  large: ['-skip_loop_filter', 'all'],
  key: ['-skip_frame', 'nokey'],
}

/** How many pictures ffmpeg has copied so far, from a piece of what `-progress` prints; null when it is not said. */
export function readProgress(text: string): number | null {
  const counts = [...text.matchAll(/^frame=\s*(\d+)/gm)]
  const last = counts.at(-1)?.[1]
  return last === undefined ? null : Number(last)
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

/** Two seconds of a stream through a decoder, as small pictures: whether it works is seen from what comes out. */
export function proofArgs(source: StreamSource, decoder: HardwareDecoder, maxWidth: number): string[] {
  const filter = `${pick(5)},${decoder.shrink(maxWidth)}`
  const input = [...decoder.inputArgs, ...inputArgs(source, false)]
  return [...QUIET, ...input, '-t', '2', '-map', '0:v:0', '-an', '-vf', filter, ...RAW_VIDEO]
}

export interface CutOptions {
  /** A list for ffmpeg's concat reader, made by `concatList`. */
  listFile: string
  outputFile: string
  durationMs: number
  /** Of single JPEGs: encoded, at most as large as a masked recording. */
  isOfPictures?: boolean
  /** False: encoded again as H.264, for browsers that cannot play what the camera sends. */
  copy: boolean
}

/** Cuts recorded segments into one MP4 that plays while it loads. Progress on standard output tells its length. */
export function cutArgs({ listFile, outputFile, durationMs, copy, isOfPictures = false }: CutOptions): string[] {
  const asTheyCame = isOfPictures ? ['-vf', shrink(MASKED_WIDTH), '-vsync', 'vfr'] : []

  const encoding = copy
    ? ['-c', 'copy']
    : ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '24', '-pix_fmt', 'yuv420p', '-threads', '1']
  return [
    ...QUIET,
    ...['-y', '-protocol_whitelist', 'file', '-f', 'concat', '-safe', '0', '-i', `file:${listFile}`],
    ...['-map', '0:v:0', '-an', '-t', (durationMs / 1_000).toFixed(3), ...asTheyCame, ...encoding],
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
