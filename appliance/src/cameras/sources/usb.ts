import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { LaresError } from '../../core/errors.ts'
import { runToEnd } from '../../core/subprocess.ts'
import type { StreamSource, UsbFormat } from '../../media/index.ts'
import { trouble, troubleError } from '../problems.ts'
import { tryStream } from '../try-stream.ts'
import { Watcher } from '../watcher.ts'
import type { Parsed, SourceKind, TryDeps } from './types.ts'

const LIST_TIMEOUT_MS = 5_000
/** Best first: what is packed by the camera leaves room on the cable for more pictures. */
const PREFERRED: readonly UsbFormat[] = ['mjpeg', 'h264', 'yuyv422']

/** A camera plugged into the box (v4l2). */
export const usb: SourceKind<'usb'> = {
  parse: ({ device, format }) => ({ source: { kind: 'usb', device, format }, credentials: null }),
  show: ({ source }) => ({ kind: 'usb', address: source.device, hasPassword: false, format: source.format }),
  async check({ source }, deps) {
    if (await isThere(source.device, deps.root)) return
    const { message } = trouble('device-missing')
    throw new LaresError('invalid', message, { code: 'DEVICE_MISSING', details: { field: 'source' } })
  },
  run: (parsed, deps) => new Watcher({ ...deps, open: () => openDevice(parsed, deps) }),
  tryOut: (parsed, deps, signal) => tryStream(() => openDevice(parsed, deps), deps, signal),
}

async function isThere(device: string, root: string): Promise<boolean> {
  return access(join(root, device)).then(
    () => true,
    () => false,
  )
}

async function openDevice({ source }: Parsed<'usb'>, deps: TryDeps): Promise<StreamSource> {
  const device = join(deps.root, source.device)
  if (!(await isThere(source.device, deps.root))) throw troubleError('device-missing')
  return { kind: 'usb', device, format: source.format === 'auto' ? await bestFormat(device, deps) : source.format }
}

/** Asks the camera, through ffmpeg, which formats it has. */
async function bestFormat(device: string, { ffmpeg, clock, log }: TryDeps): Promise<UsbFormat> {
  const { lastLines } = await runToEnd({
    ...{ name: 'ffmpeg USB formats', command: ffmpeg, clock, log, timeoutMs: LIST_TIMEOUT_MS },
    args: ['-hide_banner', '-nostdin', '-f', 'v4l2', '-list_formats', 'all', '-i', device],
  })
  return chooseFormat(lastLines)
}

/** From lines like `[video4linux2,v4l2 @ 0x…] Compressed:       mjpeg :          Motion-JPEG : 640x480 1280x720`. */
export function chooseFormat(lines: readonly string[]): UsbFormat {
  const offered = lines.map((line) => /(?:Raw|Compressed)\s*:\s*(\w+)\s*:/.exec(line)?.[1])
  return PREFERRED.find((format) => offered.includes(format)) ?? 'mjpeg'
}
