import type { StreamSource } from '../../media/index.ts'
import { tryStream } from '../try-stream.ts'
import { Watcher } from '../watcher.ts'
import { readAddress, showAddress, withSecrets } from './address.ts'
import type { Parsed, SourceKind } from './types.ts'

const RULES = {
  schemes: { rtsp: 554 },
  remedy: 'It looks like rtsp://192.168.1.20:554/stream1; the camera’s manual or app shows it.',
}

/** A camera that is asked for its stream over RTSP: most of those on a network. */
export const rtsp: SourceKind<'rtsp'> = {
  parse(typed, stored) {
    const before = stored && { address: stored.source.address, credentials: stored.credentials }
    const { shown, credentials } = readAddress(typed, RULES, before)
    return { source: { kind: 'rtsp', address: shown, transport: typed.transport }, credentials }
  },
  show: ({ source, credentials }) => ({
    ...{ kind: source.kind, transport: source.transport },
    ...showAddress(source.address, credentials),
  }),
  run: (parsed, deps) => new Watcher({ ...deps, open: async () => rtspStream(parsed) }),
  tryOut: (parsed, deps, signal) => tryStream(async () => rtspStream(parsed), deps, signal),
}

/** Everything ffmpeg needs, secrets included: never logged, never shown. */
export function rtspStream({ source, credentials }: Parsed<'rtsp'>): StreamSource {
  return { kind: 'rtsp', url: withSecrets(source.address, credentials), transport: source.transport }
}
