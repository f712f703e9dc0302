import {
  cameraSource,
  type Camera,
  type CameraSource,
  type CameraSourceInput,
  type TestCameraReply,
} from '../../api/cameras.ts'
import { file } from './file.ts'
import { mjpeg } from './mjpeg.ts'
import { rtsp } from './rtsp.ts'
import { still } from './still.ts'
import { upload } from './upload.ts'
import type { Kind, KindOf, ParsedSource, RunDeps, Runner, SourceKind, TryDeps } from './types.ts'
import { usb } from './usb.ts'

export { listUsbCameras } from './usb-devices.ts'
export type {
  Credentials,
  Kind,
  Parsed,
  ParsedSource,
  RunDeps,
  Runner,
  SourceKind,
  StoredSource,
  TryDeps,
} from './types.ts'

/** Every kind there is. */
const KINDS: { readonly [K in Kind]: SourceKind<K> } = { rtsp, mjpeg, still, usb, file, upload }

/** The compiler cannot see that a source and its kind belong together; here they always do. */
const kindOf = ({ kind }: { kind: Kind }) => KINDS[kind] as unknown as KindOf<CameraSource, ParsedSource>

/** What was typed, checked, secrets apart. `stored` is what the camera has now. Throws `invalid` in words. */
export function parseSource(input: CameraSourceInput, stored: ParsedSource | null = null): ParsedSource {
  const typed = cameraSource.parse(input)
  return kindOf(typed).parse(typed, stored?.source.kind === typed.kind ? stored : null)
}

export async function checkSource(parsed: ParsedSource, deps: Pick<RunDeps, 'root'>): Promise<void> {
  await kindOf(parsed.source).check?.(parsed, deps)
}

export function showSource(parsed: ParsedSource): Camera['source'] {
  return kindOf(parsed.source).show(parsed)
}

export function runSource(parsed: ParsedSource, deps: RunDeps): Runner {
  return kindOf(parsed.source).run(parsed, deps)
}

export function trySource(parsed: ParsedSource, deps: TryDeps, signal: AbortSignal): Promise<TestCameraReply> {
  return kindOf(parsed.source).tryOut(parsed, deps, signal)
}
