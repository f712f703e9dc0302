import type { OnvifStream } from '../../api/onvif.ts'
import { onvifFailure } from './failure.ts'
import { child, childrenOf, textAt, type XmlElement } from './xml.ts'

/** A way in which the device encodes what it sees. */
export interface Profile {
  token: string
  name: string
  width: number
  height: number
  /** As ffmpeg names it; empty when not said. */
  codec: string
  framesPerSecond: number | null
  isMedia2: boolean
}

const MAX_TOKEN = 64
const MAX_SIDE = 16_384

/** The profiles with video in an answer to GetProfiles, of either media service. */
export function profilesOf(body: XmlElement): Profile[] {
  const found = childrenOf(child(body, 'GetProfilesResponse'), 'Profiles').map(profileOf)
  return found.filter((profile) => profile !== null)
}

function profileOf(element: XmlElement): Profile | null {
  const token = element.attributes.get('token') ?? ''
  const encoder = child(element, 'VideoEncoderConfiguration') ?? child(element, 'Configurations', 'VideoEncoder')
  if (!encoder || token === '' || token.length > MAX_TOKEN) return null
  const side = (name: string): number => whole(textAt(encoder, 'Resolution', name), MAX_SIDE)
  const rate = Number(textAt(encoder, 'RateControl', 'FrameRateLimit') || NaN)
  return {
    ...{ token, name: textAt(element, 'Name').slice(0, 64), width: side('Width'), height: side('Height') },
    codec: CODECS[textAt(encoder, 'Encoding').toUpperCase()] ?? '',
    framesPerSecond: rate > 0 && rate <= 240 ? rate : null,
    isMedia2: false,
  }
}

const CODECS: Readonly<Record<string, string>> = {
  H264: 'h264',
  H265: 'hevc',
  HEVC: 'hevc',
  JPEG: 'mjpeg',
  MPEG4: 'mpeg4',
  AV1: 'av1',
}

function whole(text: string, max: number): number {
  const value = Number(text || NaN)
  return Number.isInteger(value) && value > 0 && value <= max ? value : 0
}

/** Detection looks at 640 pixels: below this a person at the gate is a few dots. */
const LEAST_SUB_WIDTH = 320
const ENOUGH_SUB_WIDTH = 640

/**
 * Which to record and which to look at: the largest, and the one nearest above what detection looks at, when it is
 * really smaller. Both of the same shape where there is a choice: some cameras have a square stream for phones.
 */
export function chooseStreams(streams: readonly OnvifStream[]): { main: string; sub: string | null } {
  const usable = streams.filter(({ codec }) => codec !== 'mjpeg')
  const ranked = [...(usable.length > 0 ? usable : streams)].sort((a, b) => areaOf(b) - areaOf(a))
  const [main] = ranked
  if (!main) throw onvifFailure('no-streams')
  const smaller = ranked.filter((each) => each.width >= LEAST_SUB_WIDTH && areaOf(each) < areaOf(main) * 0.6)
  const sameShape = smaller.filter((each) => Math.abs(shapeOf(each) - shapeOf(main)) < 0.1)
  const candidates = sameShape.length > 0 ? sameShape : smaller
  const sub = candidates.findLast(({ width }) => width >= ENOUGH_SUB_WIDTH) ?? candidates[0]
  return { main: main.profile, sub: sub?.profile ?? null }
}

const areaOf = ({ width, height }: OnvifStream): number => width * height
const shapeOf = ({ width, height }: OnvifStream): number => width / Math.max(1, height)
