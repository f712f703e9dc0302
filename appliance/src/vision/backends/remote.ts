import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import { readServiceAddress, type AddressRules } from '../../core/service-address.ts'
import { encodeJpeg } from '../../media/index.ts'
import type { YuvPicture } from '../picture-tensor.ts'
import { LookFailed, type Candidate, type DetectorBackend } from './backend.ts'
import { readForeignBoxes } from './foreign-boxes.ts'
import { multipartForm } from './multipart.ts'
import {
  nonsense,
  PIXELS_TYPE,
  readAbout,
  readDeepstackAnswer,
  readOwnAnswer,
  type Dialect,
  type Read,
} from './remote-answers.ts'
import { WHO, openRemoteServer, type RemoteServer } from './remote-server.ts'

export interface RemoteSettings extends AddressRules {
  /** Empty: none. */
  url: string
  key: string
  ca: string
}

export interface RemoteDeps {
  clock: Clock
  settings(): RemoteSettings
}

const JPEG_QUALITY = 85
/** A network hiccup passes; three failures in a row do not. */
const FAILURES_TO_LEAVE = 3
const DEEPSTACK: Dialect = {
  ...{ name: 'deepstack', model: 'its own', atOnce: 2, inputWidth: 640, inputHeight: 640, takesPixels: false },
}

/**
 * A detector on another machine. Its circuit breaker is the chooser: three failures in a row or one silence of two seconds
 * and it is left, then tried again after growing pauses with pictures of our own before a camera's goes out.
 */
export function remoteCandidate({ clock, settings }: RemoteDeps): Candidate {
  return {
    id: 'remote',
    kind: 'remote',
    title: 'Another machine',
    checksItself: false,
    failuresToLeave: FAILURES_TO_LEAVE,
    isRisky: false,
    async missing() {
      const { url, ...rules } = settings()
      if (url === '') return { state: 'absent', reason: 'No address is set (DETECTOR_URL).' }
      const address = readServiceAddress(url, rules, WHO)
      return address.ok ? null : { state: 'present', reason: address.problem }
    },
    async open() {
      const { url, key, ca, ...rules } = settings()
      const address = readServiceAddress(url, rules, WHO)
      if (!address.ok) throw new LaresError('unavailable', address.problem)
      const server = openRemoteServer({ address, key, ca, clock })
      try {
        return createRemoteBackend(server, await findDialect(server), key)
      } catch (error) {
        server.end()
        throw error
      }
    },
  }
}

/** Our own protocol introduces itself; the others are known by how they answer, which the check finds out. */
async function findDialect(server: RemoteServer): Promise<Dialect> {
  const body = await server.ask('/v1/detector')
  return (body === null ? null : readAbout(body)) ?? DEEPSTACK
}

function createRemoteBackend(server: RemoteServer, dialect: Dialect, key: string): DetectorBackend {
  const { model, name, atOnce, inputWidth, inputHeight } = dialect
  const ended = Promise.withResolvers<string>()

  async function ask(picture: YuvPicture, minScore: number): Promise<Read> {
    const { width, height } = picture
    if (name === 'lares') {
      const sent = dialect.takesPixels ? pixelsOf(picture) : await jpegOf(picture)
      const body = await server.ask(`/v1/detector/look?minScore=${minScore}${sent.size}`, sent)
      return body === null ? missing() : readOwnAnswer(body)
    }
    const bytes = await encodeJpeg(picture, JPEG_QUALITY)
    const fields = { min_confidence: String(minScore), ...(key !== '' && { api_key: key }) }
    const form = multipartForm(fields, { field: 'image', name: 'look.jpg', type: 'image/jpeg', bytes })
    const body = await server.ask('/v1/vision/detection', form)
    return body === null ? missing() : readDeepstackAnswer(body, width, height)
  }

  return {
    facts: {
      model: { name: model, family: name, inputWidth, inputHeight },
      inferenceMs: null,
      atOnce,
      takesPictures: false,
    },
    died: ended.promise,
    async look(picture, minScore) {
      try {
        const { boxes, inferenceMs } = await ask(picture, minScore)
        const detections = readForeignBoxes(boxes, minScore)
        if (!detections) throw nonsense()
        return { detections, inferenceMs: inferenceMs ?? 0, data: picture.data }
      } catch (error) {
        throw new LookFailed(messageOf(error), picture.data, error)
      }
    },
    async end() {
      server.end()
    },
  }
}

interface Sent {
  contentType: string
  body: Buffer
  /** What the question has to say beside it. */
  size: string
}

const jpegOf = async (picture: YuvPicture): Promise<Sent> => ({
  ...{ contentType: 'image/jpeg', body: await encodeJpeg(picture, JPEG_QUALITY), size: '' },
})

/** A copy: an answer that comes too late must not find the next picture on its way out. */
const pixelsOf = ({ data, width, height }: YuvPicture): Sent => ({
  ...{ contentType: PIXELS_TYPE, body: Buffer.from(data), size: `&width=${width}&height=${height}` },
})

function missing(): never {
  throw new LaresError('unavailable', 'There is no detector at that address.', { code: 'REMOTE_FAILED' })
}
