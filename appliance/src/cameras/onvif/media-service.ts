import type { OnvifStream } from '../../api/onvif.ts'
import { stayAt } from './device-address.ts'
import { onvifFailure, reasonOf } from './failure.ts'
import { profilesOf, type Profile } from './profiles.ts'
import { SPACES } from './soap.ts'
import type { Services } from './types.ts'
import { child, escapeXml, textAt, type XmlElement } from './xml.ts'

/** One question to one service; the body of its answer. */
export type Ask = (url: string, body: string) => Promise<XmlElement>

export const WEB_SCHEMES = ['http', 'https']
const STREAM_SCHEMES = ['rtsp', 'rtsps']
const MOST_STREAMS = 16

/** The profiles with video and where their streams are, by the newer media service where there is one. Throws no-streams. */
export async function readStreams(services: Services, host: string, ask: Ask): Promise<OnvifStream[]> {
  const streams: OnvifStream[] = []
  // One after another: cheap cameras answer one question at a time.
  for (const profile of (await readProfiles(services, ask)).slice(0, MOST_STREAMS)) {
    const stream = await readStream(profile, services, host, ask)
    if (stream) streams.push(stream)
  }
  if (streams.length === 0) throw onvifFailure('no-streams')
  return streams
}

async function readProfiles({ media, media2 }: Services, ask: Ask): Promise<Profile[]> {
  const newer = media2 === null ? null : await ask(media2, GET_PROFILES_2).catch(orNone)
  const fromNewer = newer ? profilesOf(newer) : []
  if (fromNewer.length > 0 || media === null) return fromNewer.map((profile) => ({ ...profile, isMedia2: true }))
  return profilesOf(await ask(media, `<GetProfiles xmlns="${SPACES.media}"/>`))
}

async function readStream(profile: Profile, found: Services, host: string, ask: Ask): Promise<OnvifStream | null> {
  const { isMedia2, token, ...shown } = profile
  const service = isMedia2 ? found.media2 : found.media
  if (service === null) return null
  const body = await ask(service, isMedia2 ? streamUri2(token) : streamUri(token)).catch(orNone)
  const stayed = stayAt(host, uriIn(child(body, 'GetStreamUriResponse')), STREAM_SCHEMES)
  return stayed && { profile: token, ...shown, ...stayed }
}

/** Null when it has none, or a bad one. */
export async function readSnapshotUrl(
  { media, media2 }: Services,
  profile: string,
  host: string,
  ask: Ask,
): Promise<string | null> {
  const service = media ?? media2
  if (service === null) return null
  const space = media === null ? SPACES.media2 : SPACES.media
  const body = await ask(service, `<GetSnapshotUri xmlns="${space}">${tokenOf(profile)}</GetSnapshotUri>`).catch(orNone)
  return stayAt(host, uriIn(child(body, 'GetSnapshotUriResponse')), WEB_SCHEMES)?.url ?? null
}

/** The older service wraps it, the newer one does not. */
const uriIn = (reply: XmlElement | null): string => textAt(reply, 'MediaUri', 'Uri') || textAt(reply, 'Uri')

/** What one device does not know, another does; but who is refused stays refused. */
export function orNone(error: unknown): null {
  const reason = reasonOf(error)
  if (reason === 'bad-answer' || reason === 'not-onvif') return null
  throw error
}

const tokenOf = (token: string): string => `<ProfileToken>${escapeXml(token)}</ProfileToken>`

const GET_PROFILES_2 = `<GetProfiles xmlns="${SPACES.media2}"><Type>VideoEncoder</Type></GetProfiles>`

const streamUri2 = (token: string): string =>
  `<GetStreamUri xmlns="${SPACES.media2}"><Protocol>RTSP</Protocol>${tokenOf(token)}</GetStreamUri>`

const streamUri = (token: string): string =>
  `<GetStreamUri xmlns="${SPACES.media}"><StreamSetup><Stream xmlns="http://www.onvif.org/ver10/schema">RTP-Unicast</Stream>` +
  `<Transport xmlns="http://www.onvif.org/ver10/schema"><Protocol>RTSP</Protocol></Transport></StreamSetup>${tokenOf(token)}</GetStreamUri>`
