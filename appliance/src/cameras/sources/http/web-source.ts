import type { TestCameraReply } from '../../../api/cameras.ts'
import { LaresError } from '../../../core/errors.ts'
import { encodeJpeg, pictureOfJpeg } from '../../../media/index.ts'
import { trouble, troubleOfError } from '../../problems.ts'
import { readAddress, showAddress } from '../address.ts'
import type { Credentials, TryDeps } from '../types.ts'
import type { CameraAddress } from './camera-call.ts'

// What MJPEG and still pictures share: both are addresses of the web.

const RULES = {
  schemes: { http: 80, https: 443 },
  remedy: 'It looks like http://192.168.1.20/video.mjpg; the camera’s manual shows it.',
}
const PREVIEW_WIDTH = 640
const TRY_MS = 12_000

interface WebTyped {
  url: string
  username?: string | undefined
  password?: string | undefined
  anyCertificate?: boolean | undefined
}

interface WebStored {
  address: string
  anyCertificate?: boolean | undefined
}

interface WebParsed {
  source: WebStored
  credentials: Credentials | null
}

export function parseWeb(typed: WebTyped, stored: WebParsed | null): WebParsed {
  const before = stored && { address: stored.source.address, credentials: stored.credentials }
  const { shown, credentials } = readAddress(typed, RULES, before)
  const certificate = typed.anyCertificate === true ? { anyCertificate: true } : {}
  return { source: { address: shown, ...certificate }, credentials }
}

export function showWeb({ source, credentials }: WebParsed) {
  const certificate = source.anyCertificate === undefined ? {} : { anyCertificate: source.anyCertificate }
  return { ...showAddress(source.address, credentials), ...certificate }
}

/** Secrets included: never logged, never shown. */
export function webAddress({ source, credentials }: WebParsed): CameraAddress {
  const { username, password, address = source.address } = credentials ?? {}
  const hasSignIn = username !== undefined || password !== undefined
  return {
    url: address,
    signIn: hasSignIn ? { username: username ?? '', password: password ?? '' } : null,
    anyCertificate: source.anyCertificate === true,
  }
}

type Read = (onJpeg: (jpeg: Buffer) => Promise<void>, signal: AbortSignal) => Promise<void>

/** The first picture and the end. */
export async function tryWeb(read: Read, { clock }: TryDeps, signal: AbortSignal): Promise<TestCameraReply> {
  const ending = new AbortController()
  const cancel = clock.after(TRY_MS, () => ending.abort())
  let first: Buffer | null = null
  const take = async (jpeg: Buffer): Promise<void> => {
    first ??= Buffer.from(jpeg)
    ending.abort()
  }
  let problem = trouble('no-frames')
  try {
    await read(take, AbortSignal.any([signal, ending.signal]))
  } catch (error) {
    if (!first && !ending.signal.aborted) problem = whyNoPicture(error)
  } finally {
    cancel()
  }
  if (signal.aborted) throw new LaresError('unavailable', 'The test was stopped.')
  const reply = first && (await describeJpeg(first))
  return reply ?? { ok: false, problem: { ...(first ? trouble('not-video') : problem), since: clock.now() } }
}

function whyNoPicture(error: unknown) {
  return error instanceof LaresError && error.code === 'NOT_MJPEG' ? trouble('not-video') : troubleOfError(error)
}

async function describeJpeg(jpeg: Buffer): Promise<TestCameraReply | null> {
  try {
    const { picture, width, height } = await pictureOfJpeg(jpeg, PREVIEW_WIDTH)
    const preview = `data:image/jpeg;base64,${(await encodeJpeg(picture)).toString('base64')}`
    return { ok: true, picture: { width, height, codec: 'mjpeg', framesPerSecond: 0 }, preview }
  } catch {
    return null
  }
}
