// Takes an H.264 file apart into pictures (access units) and packs them into RTP (RFC 6184), for the fake camera.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const NAL_AUD = 9
const NAL_IDR = 5
const NAL_SPS = 7
const NAL_PPS = 8
const FU_A = 28
const MAX_PAYLOAD_BYTES = 1_200

/** One picture: its NAL units without start codes. */
export interface AccessUnit {
  key: boolean
  nals: Buffer[]
}

export interface H264Clip {
  units: AccessUnit[]
  framesPerSecond: number
  sps: Buffer
  pps: Buffer
}

/** Reads a file's H.264 stream. Rejects when it has none: transcode first (tests/fakes/clip.ts). */
export async function readH264(file: string): Promise<H264Clip> {
  const probed = await run('ffprobe', [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=codec_name,avg_frame_rate',
    '-of',
    'json',
    file,
  ])
  const stream = (JSON.parse(probed.stdout) as { streams: { codec_name: string; avg_frame_rate: string }[] }).streams[0]
  if (stream?.codec_name !== 'h264') throw new Error(`${file} is not H.264 but ${stream?.codec_name ?? 'no video'}`)
  const [over = 25, under = 1] = stream.avg_frame_rate.split('/').map(Number)
  const bitstreamFilters = 'h264_mp4toannexb,h264_metadata=aud=insert'
  const fromMp4 = /\.(mp4|mov|mkv)$/.test(file)
  const args = [
    '-v',
    'error',
    '-i',
    file,
    '-an',
    '-c:v',
    'copy',
    '-bsf:v',
    fromMp4 ? bitstreamFilters : 'h264_metadata=aud=insert',
    '-f',
    'h264',
    '-',
  ]
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 512 * 1024 * 1024 })
  const units = toAccessUnits(splitNals(stdout))
  const all = units.flatMap((unit) => unit.nals)
  const sps = all.find((nal) => typeOf(nal) === NAL_SPS)
  const pps = all.find((nal) => typeOf(nal) === NAL_PPS)
  if (!sps || !pps) throw new Error(`${file} carries no parameter sets`)
  return { units, framesPerSecond: over / under, sps, pps }
}

const typeOf = (nal: Buffer): number => (nal[0] ?? 0) & 0x1f

/** Cuts an Annex B stream at its start codes. */
export function splitNals(stream: Buffer): Buffer[] {
  const nals: Buffer[] = []
  const code = Buffer.from([0, 0, 1])
  let at = stream.indexOf(code)
  while (at >= 0) {
    const next = stream.indexOf(code, at + 3)
    let end = next < 0 ? stream.length : next
    while (end > at + 3 && stream[end - 1] === 0) end--
    nals.push(stream.subarray(at + 3, end))
    at = next
  }
  return nals
}

function toAccessUnits(nals: Buffer[]): AccessUnit[] {
  const units: AccessUnit[] = []
  for (const nal of nals) {
    if (typeOf(nal) === NAL_AUD) units.push({ key: false, nals: [] })
    else {
      const unit = units.at(-1)
      if (!unit) continue
      unit.nals.push(nal)
      if (typeOf(nal) === NAL_IDR) unit.key = true
    }
  }
  return units.filter((unit) => unit.nals.length > 0)
}

/** Payloads of one picture: whole NAL units, or FU-A fragments of the big ones. The last one carries the marker. */
export function toPayloads(unit: AccessUnit): Buffer[] {
  return unit.nals.flatMap((nal) => (nal.length <= MAX_PAYLOAD_BYTES ? [nal] : fragment(nal)))
}

function fragment(nal: Buffer): Buffer[] {
  const header = nal[0] ?? 0
  const fragments: Buffer[] = []
  for (let at = 1; at < nal.length; at += MAX_PAYLOAD_BYTES) {
    const first = at === 1 ? 0x80 : 0
    const last = at + MAX_PAYLOAD_BYTES >= nal.length ? 0x40 : 0
    const prefix = Buffer.from([(header & 0xe0) | FU_A, first | last | (header & 0x1f)])
    fragments.push(Buffer.concat([prefix, nal.subarray(at, at + MAX_PAYLOAD_BYTES)]))
  }
  return fragments
}

/** Puts the 12-byte RTP header before a payload. */
export function rtpPacket(payload: Buffer, sequence: number, timestamp: number, marker: boolean): Buffer {
  const header = Buffer.alloc(12)
  header[0] = 0x80
  header[1] = (marker ? 0x80 : 0) | 96
  header.writeUInt16BE(sequence & 0xffff, 2)
  header.writeUInt32BE(timestamp >>> 0, 4)
  header.writeUInt32BE(0x4c415245, 8)
  return Buffer.concat([header, payload])
}

/** The session description a camera answers DESCRIBE with. */
export function describe(clip: H264Clip): string {
  const profile = clip.sps.subarray(1, 4).toString('hex')
  const sprop = `${clip.sps.toString('base64')},${clip.pps.toString('base64')}`
  return [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=Fake camera',
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'm=video 0 RTP/AVP 96',
    'a=rtpmap:96 H264/90000',
    `a=framerate:${clip.framesPerSecond}`,
    `a=fmtp:96 packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${sprop}`,
    'a=control:track1',
    '',
  ].join('\r\n')
}

/** What a microphone without a camera answers: there is nothing to see in it. */
export const AUDIO_ONLY = [
  'v=0',
  'o=- 0 0 IN IP4 127.0.0.1',
  's=Fake microphone',
  'c=IN IP4 0.0.0.0',
  't=0 0',
  'm=audio 0 RTP/AVP 0',
  'a=control:track1',
  '',
].join('\r\n')
