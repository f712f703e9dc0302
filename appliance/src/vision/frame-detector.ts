import type { Clock } from '../core/clock.ts'
import type { OpenModel } from './open-model.ts'
import { createPictureWriter, type PictureWriter, type YuvPicture } from './picture-tensor.ts'
import { suppress, toDetections } from './suppress.ts'
import type { Detection } from './types.ts'

export interface FrameDetector {
  /** Best first. `inferenceMs` is the model's own time. */
  look(picture: YuvPicture, minScore: number): Promise<{ detections: Detection[]; inferenceMs: number }>
}

/** Frame → tensor → model → boxes. One tensor and one table a frame size are kept, so nothing large is allocated. */
export function createFrameDetector(model: OpenModel, clock: Clock): FrameDetector {
  const { recipe } = model
  const tensor = new Float32Array(recipe.inputDims.reduce((product, size) => product * size, 1))
  const writers = new Map<string, PictureWriter>()
  let lastWriter: PictureWriter | null = null

  function writerFor(width: number, height: number): PictureWriter {
    const key = `${width}x${height}`
    const writer = writers.get(key) ?? createPictureWriter(recipe.picture, width, height)
    writers.set(key, writer)
    // Cameras of other shapes leave other margins behind.
    if (writer !== lastWriter) writer.pad(tensor)
    lastWriter = writer
    return writer
  }

  return {
    async look({ width, height, data }, minScore) {
      const writer = writerFor(width, height)
      writer.write(data, tensor)
      const startedAt = clock.monotonic()
      const outputs = await model.run(tensor)
      const inferenceMs = clock.monotonic() - startedAt
      const boxes = recipe.decode(outputs, minScore)
      return { detections: suppress(toDetections(boxes, writer.placement)), inferenceMs }
    },
  }
}
