import type { TestCameraReply } from '../api/cameras.ts'
import { LaresError } from '../core/errors.ts'
import { runToEnd } from '../core/subprocess.ts'
import {
  createPictureReader,
  encodeJpeg,
  previewArgs,
  readStreamInfo,
  type Picture,
  type StreamInfo,
  type StreamSource,
} from '../media/index.ts'
import { readTrouble, troubleOfError, type Trouble } from './problems.ts'
import type { TryDeps } from './sources/types.ts'

const TIMEOUT_MS = 12_000
const PREVIEW_WIDTH = 640
const MAX_BYTES = 8 * 1024 * 1024

/** Opens a stream for one picture. Never rejects for what is wrong with the camera: that is the answer. */
export async function tryStream(
  open: () => Promise<StreamSource>,
  deps: TryDeps,
  signal: AbortSignal,
): Promise<TestCameraReply> {
  let info: StreamInfo | null = null
  let picture: Picture | null = null
  const reader = createPictureReader((seen) => (picture ??= seen))
  const failed = ({ reason, message }: Trouble): TestCameraReply => {
    return { ok: false, problem: { reason, message, since: deps.clock.now() } }
  }
  try {
    const source = await open()
    const { stdout, lastLines } = await runToEnd({
      ...{ name: 'ffmpeg camera test', command: deps.ffmpeg, args: previewArgs(source, PREVIEW_WIDTH) },
      ...{ clock: deps.clock, log: deps.log, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, signal },
      onLine: (line) => void (info ??= readStreamInfo(line)),
    })
    reader.push(stdout)
    return (await describePicture(picture, info)) ?? failed(readTrouble(lastLines, false))
  } catch (error) {
    if (signal.aborted) throw new LaresError('unavailable', 'The test was stopped.', { cause: error })
    return failed(troubleOfError(error))
  }
}

async function describePicture(picture: Picture | null, info: StreamInfo | null): Promise<TestCameraReply | null> {
  if (!picture || !info) return null
  const jpeg = await encodeJpeg(picture)
  return { ok: true, picture: { ...info }, preview: `data:image/jpeg;base64,${jpeg.toString('base64')}` }
}
