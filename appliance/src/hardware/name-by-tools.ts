import type { Accelerator, Tools } from './types.ts'

/** Programs are asked only about what was found and works: they may take a second, and fail without their driver. */
export async function nameByTools(list: readonly Accelerator[], tools: Tools): Promise<Accelerator[]> {
  return Promise.all(list.map((each) => nameOne(each, tools)))
}

async function nameOne(found: Accelerator, tools: Tools): Promise<Accelerator> {
  if (!found.ready) return found
  if (found.kind === 'nvidia-gpu') {
    const name = nvidiaName(await tools.ask('nvidia-smi', NVIDIA_QUESTION))
    return name ? { ...found, name } : found
  }
  if (found.name.startsWith('Hailo-8 or')) {
    const name = hailoName(await tools.ask('hailortcli', ['fw-control', 'identify']))
    return name ? { ...found, name } : found
  }
  return found
}

const NVIDIA_QUESTION = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'] as const

/** The first card; further ones are of the same make in homes that have them. */
export function nvidiaName(answer: string | null): string | null {
  const [name = '', memoryMb = ''] =
    (answer ?? '')
      .split('\n', 1)[0]
      ?.split(',')
      .map((part) => part.trim()) ?? []
  if (name === '') return null
  const gigabytes = Math.round(Number(memoryMb) / 1_024)
  return gigabytes > 0 ? `${name}, ${gigabytes} GB` : name
}

export function hailoName(answer: string | null): string | null {
  const architecture = /Device Architecture:\s*(HAILO8L?)\b/.exec(answer ?? '')?.[1]
  return architecture ? `Hailo-8${architecture.endsWith('L') ? 'L' : ''}` : null
}
