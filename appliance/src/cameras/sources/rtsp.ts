import type { StreamSource } from '../../media/index.ts'
import { tryStream } from '../try-stream.ts'
import { TwoStreams } from '../two-streams.ts'
import { hostOf, readAddress, refuse, showAddress, withSecrets } from './address.ts'
import { checkCertificate, RTSPS_PORT } from './certificate-check.ts'
import { subStreamsOf } from './sub-streams.ts'
import type { Credentials, OnvifPlace, Parsed, SourceKind, TryDeps, Typed } from './types.ts'

const RULES = {
  schemes: { rtsp: 554, rtsps: RTSPS_PORT },
  remedy: 'It looks like rtsp://192.168.1.20:554/stream1; the camera’s manual or app shows it.',
}

/** A camera that is asked for its stream over RTSP: most of those on a network. */
export const rtsp: SourceKind<'rtsp'> = {
  parse(typed, stored) {
    const before = stored && { address: stored.source.address, credentials: stored.credentials }
    const { shown, credentials } = readAddress(typed, RULES, before)
    const sub = readSubAddress(typed, shown, stored)
    const onvif = placeOf(shown, typed.onvif, stored?.source)
    const { transport, anyCertificate } = typed
    return {
      source: {
        ...{ kind: 'rtsp', address: shown, transport },
        ...(sub ? { subAddress: sub.shown } : {}),
        ...(anyCertificate === true ? { anyCertificate } : {}),
        ...(onvif && { onvif }),
      },
      credentials: sub?.hidden === undefined ? credentials : { ...credentials, subAddress: sub.hidden },
    }
  },
  show: ({ source, credentials }) => ({
    ...{ kind: source.kind, transport: source.transport },
    ...showAddress(source.address, credentials),
    ...(source.subAddress === undefined ? {} : { subAddress: source.subAddress }),
    ...(source.anyCertificate === undefined ? {} : { anyCertificate: source.anyCertificate }),
    ...(source.onvif && { onvif: source.onvif }),
  }),
  run: (parsed, deps) => {
    const main = rtspStream(parsed)
    const typed = subStream(parsed)
    const checked = (source: RtspStream) => async (signal: AbortSignal) => {
      await check(parsed, deps, signal)
      return source
    }
    const like = (url: string): RtspStream => ({ ...main, url })
    return new TwoStreams({
      ...{ ...deps, address: parsed.source.address },
      open: checked(main),
      sub: typed && { open: checked(typed), why: 'You named this smaller stream.' },
      candidates: subStreamsOf(main.url).map(({ brand, url }) => ({ brand, open: checked(like(url)) })),
    })
  },
  tryOut: (parsed, deps, signal) =>
    tryStream(
      async () => {
        await check(parsed, deps, signal)
        return rtspStream(parsed)
      },
      deps,
      signal,
    ),
}

type RtspStream = Extract<StreamSource, { kind: 'rtsp' }>

async function check({ source }: Parsed<'rtsp'>, { clock }: TryDeps, signal: AbortSignal): Promise<void> {
  if (source.address.startsWith('rtsps:') && source.anyCertificate !== true)
    await checkCertificate(source.address, clock, signal)
}

/** Everything ffmpeg needs, secrets included: never logged, never shown. */
export function rtspStream({ source, credentials }: Parsed<'rtsp'>): RtspStream {
  return streamAt(withSecrets(source.address, credentials), source.transport)
}

function subStream({ source, credentials }: Parsed<'rtsp'>): RtspStream | null {
  if (source.subAddress === undefined) return null
  const url = withSecrets(source.subAddress, credentials && { ...credentials, address: credentials.subAddress })
  return streamAt(url, source.transport)
}

/** Inside TLS there is only TCP. */
function streamAt(url: string, transport: 'tcp' | 'udp'): RtspStream {
  return { kind: 'rtsp', url, transport: url.startsWith('rtsps:') ? 'tcp' : transport }
}

/** The smaller stream's address. It is on the same host and uses the same encryption: it gets the same password. */
function readSubAddress(
  { subUrl }: Typed<'rtsp'>,
  mainShown: string,
  stored: Parsed<'rtsp'> | null,
): { shown: string; hidden: Credentials['address'] } | null {
  if (subUrl === undefined) return null
  const kept = stored?.credentials?.subAddress
  const before = stored?.source.subAddress === undefined ? null : { address: stored.source.subAddress }
  const { shown, credentials } = readAddress(
    { url: subUrl },
    RULES,
    before && { ...before, credentials: { address: kept } },
  )
  const place = (address: string): string =>
    /^[a-z]+:\/\/(\[[^\]]*\]|[^/:?#]*)/i.exec(address)?.[0]?.toLowerCase() ?? ''
  if (place(shown) !== place(mainShown))
    throw refuse('The smaller stream must be at the same camera: the same host, and rtsps:// for both or for none.')
  return { shown, hidden: credentials?.address }
}

/** Left out, it stays as it is while the stream's host stays. Throws `invalid` for a device elsewhere. */
function placeOf(
  address: string,
  typed: OnvifPlace | undefined,
  stored: { address: string; onvif?: OnvifPlace | undefined } | undefined,
): OnvifPlace | undefined {
  const host = hostOf(address)
  if (typed === undefined) return stored && hostOf(stored.address) === host ? stored.onvif : undefined
  if (hostOf(typed.address) === host) return typed
  throw refuse('The camera’s ONVIF address must be on the same host as its stream.')
}
