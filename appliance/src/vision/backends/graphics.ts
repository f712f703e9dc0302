import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { startDetectorThread } from '../detector-thread.ts'
import { PROVIDERS } from '../providers.ts'
import { NotFaster, type Candidate } from './backend.ts'

export interface GraphicsDeps {
  clock: Clock
  /** Providers that cannot work on this hardware, with the reason in words. */
  ruledOut(): Promise<Readonly<Record<string, string>>>
  workerFile: URL | undefined
}

const TITLES = { tensorrt: 'NVIDIA TensorRT', cuda: 'NVIDIA CUDA', webgpu: 'Graphics card (WebGPU)' } as const
type Graphics = keyof typeof TITLES

/** ONNX Runtime on a graphics card: in this process, each in a thread of its own, checked there against the processor. */
export function graphicsCandidates(deps: GraphicsDeps): Candidate[] {
  return (Object.keys(TITLES) as Graphics[]).map((id) => ({
    id,
    kind: 'graphics',
    title: TITLES[id],
    checksItself: true,
    failuresToLeave: 1,
    isRisky: true,
    async missing() {
      const reason = (await deps.ruledOut())[id]
      return reason === undefined ? null : { state: 'absent', reason }
    },
    async open({ name, file }) {
      const thread = startDetectorThread(deps.clock, deps.workerFile)
      try {
        const { provider, tried, family, inputWidth, inputHeight, inferenceMs } = await thread.open(file, 1, others(id))
        if (provider === id) {
          const facts = {
            model: { name, family, inputWidth, inputHeight },
            inferenceMs,
            atOnce: 1,
            takesPictures: true,
          }
          return { facts, look: thread.look, died: thread.died, end: thread.end }
        }
        const own = tried.find((each) => each.provider === id)
        if (own?.outcome === 'works') throw new NotFaster(own.inferenceMs)
        throw new LaresError('unavailable', own?.reason ?? 'It did not open.')
      } catch (error) {
        await thread.end()
        throw error
      }
    },
  }))
}

/** All but this one and the processor, which each is compared with. */
function others(id: Graphics): Record<string, string> {
  return Object.fromEntries(PROVIDERS.filter((each) => each !== id && each !== 'cpu').map((each) => [each, '']))
}
