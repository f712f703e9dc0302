/** What the camera sends, as ffmpeg tells it. */
export interface StreamInfo {
  /** ffmpeg's name, for example `h264`, `hevc`, `mjpeg`. */
  codec: string
  width: number
  height: number
  /** 0 when the stream does not say. */
  framesPerSecond: number
}

const VIDEO_LINE = /^\s*Stream #0:\d+.*?: Video: (\w+).*?, (\d{2,5})x(\d{2,5})/

/** Reads one line of ffmpeg's report about its input; null when it is about something else. */
export function readStreamInfo(line: string): StreamInfo | null {
  const match = VIDEO_LINE.exec(line)
  if (!match) return null
  const [, codec = '', width, height] = match
  const rate = /, ([\d.]+)(k?) fps/.exec(line) ?? /, ([\d.]+)(k?) tbr/.exec(line)
  const framesPerSecond = rate ? Number(rate[1]) * (rate[2] === 'k' ? 1_000 : 1) : 0
  return { codec, width: Number(width), height: Number(height), framesPerSecond }
}

const SEGMENT_CODECS = new Set(['h264', 'hevc', 'mpeg4', 'mpeg2video'])

/** Whether the stream can be kept as it is (MPEG transport stream) and cut into clips later. */
export function canBeRecorded(codec: string): boolean {
  return SEGMENT_CODECS.has(codec)
}
