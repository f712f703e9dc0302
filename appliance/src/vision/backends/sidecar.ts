import { messageOf } from '../../core/errors.ts'
import type { Clock } from '../../core/clock.ts'
import { createPictureWriter, type PictureWriter, type YuvPicture } from '../picture-tensor.ts'
import { LookFailed, type Candidate, type DetectorBackend } from './backend.ts'
import { readForeignBoxes, type ForeignBox } from './foreign-boxes.ts'
import { layoutOf, type SidecarAnswer } from './sidecar-hello.ts'
import { openSidecarLink, type SidecarLink } from './sidecar-link.ts'
import { findSocket } from './sidecar-socket.ts'

/** Sidecars by the name of their socket; `own` is for one that the owner wrote. */
const SIDECARS = {
  hailo: 'Hailo (sidecar)',
  coral: 'Coral (sidecar)',
  rockchip: 'Rockchip NPU (sidecar)',
  jetson: 'Jetson TensorRT (sidecar)',
  openvino: 'Intel OpenVINO (sidecar)',
  processor: 'Processor (sidecar)',
  own: 'Own sidecar',
} as const
type SidecarName = keyof typeof SIDECARS

/** Those that come with Lares, which starts them when asked to. */
export const STARTED_SIDECARS = ['hailo', 'coral', 'rockchip', 'jetson', 'openvino', 'processor'] as const
export type StartedSidecar = (typeof STARTED_SIDECARS)[number]

export interface SidecarDeps {
  clock: Clock
  /** Where sockets are looked for, in this order. */
  folders: readonly string[]
}

/** Programs beside Lares that compute on chips which ONNX Runtime does not reach. */
export function sidecarCandidates({ clock, folders }: SidecarDeps): Candidate[] {
  return (Object.keys(SIDECARS) as SidecarName[]).map((name) => ({
    id: `sidecar:${name}`,
    kind: 'sidecar',
    title: SIDECARS[name],
    checksItself: false,
    failuresToLeave: 3,
    isRisky: false,
    async missing() {
      const found = await findSocket(folders, name)
      if ('absent' in found) return { state: 'absent', reason: 'No such sidecar runs.' }
      return 'problem' in found ? { state: 'present', reason: found.problem } : null
    },
    async open() {
      const found = await findSocket(folders, name)
      return createSidecarBackend(await openSidecarLink('path' in found ? found.path : '', clock))
    },
  }))
}

function createSidecarBackend(link: SidecarLink): DetectorBackend {
  const { hello } = link
  const { width: inputWidth, height: inputHeight } = hello.input
  const model = { name: hello.model, family: hello.name, inputWidth, inputHeight }
  const draw = createDrawer(link)
  return {
    facts: { model, inferenceMs: null, atOnce: hello.atOnce, takesPictures: false },
    died: link.died,
    async look(picture, minScore) {
      const { pixels, width, height, writer } = draw(picture)
      try {
        const answer = await link.ask(width, height, pixels)
        const boxes = answer.boxes.map((each) => toBox(each, hello.classes, width, height, writer))
        const detections = readForeignBoxes(boxes, minScore)
        if (detections) return { detections, inferenceMs: answer.ms, data: picture.data }
        throw new LookFailed('The sidecar sent boxes that make no sense.', picture.data)
      } catch (error) {
        throw error instanceof LookFailed ? error : new LookFailed(messageOf(error), picture.data, error)
      }
    },
    end: async () => link.end(),
  }
}

interface Drawn {
  pixels: Uint8Array
  width: number
  height: number
  /** null: the picture was sent as it is. */
  writer: PictureWriter | null
}

/** Brings frames into the size and order that the sidecar asked for. */
function createDrawer({ hello }: SidecarLink): (picture: YuvPicture) => Drawn {
  const layout = layoutOf(hello)
  const writers = new Map<string, PictureWriter>()
  return ({ width, height, data }) => {
    // A copy: while the socket still sends, the picture may already travel to another thread.
    if (!layout) return { pixels: data.slice(), width, height, writer: null }
    const key = `${width}x${height}`
    const writer = writers.get(key) ?? createPictureWriter(layout, width, height)
    writers.set(key, writer)
    const pixels = new Uint8ClampedArray(layout.width * layout.height * 3)
    writer.pad(pixels)
    writer.write(data, pixels)
    return { pixels: new Uint8Array(pixels.buffer), width: layout.width, height: layout.height, writer }
  }
}

/** From fractions of what the sidecar got to fractions of the frame. */
function toBox(
  [index, score, left, top, right, bottom]: SidecarAnswer['boxes'][number],
  classes: readonly string[],
  width: number,
  height: number,
  writer: PictureWriter | null,
): ForeignBox {
  const placed = writer?.placement ?? { left: 0, top: 0, width, height }
  const x = (fraction: number): number => (fraction * width - placed.left) / placed.width
  const y = (fraction: number): number => (fraction * height - placed.top) / placed.height
  return { name: classes[index] ?? '', score, left: x(left), top: y(top), right: x(right), bottom: y(bottom) }
}
