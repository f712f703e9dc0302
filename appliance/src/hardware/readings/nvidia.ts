import type { MachineReading, Tools } from '../types.ts'

const QUESTION = ['--query-gpu=temperature.gpu,utilization.gpu', '--format=csv,noheader,nounits'] as const
/** NVIDIA's cards lower their clock at about this. */
const LIMIT_C = 87

/** `61, 34` for each card; the hottest and the busiest count. */
export function parseNvidia(answer: string | null): Pick<MachineReading, 'temperatures' | 'loads'> {
  const rows = (answer ?? '')
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((part) => Number(part.trim())))
    .filter((row) => row.length === 2 && row.every(Number.isFinite))
  if (rows.length === 0) return { temperatures: [], loads: [] }
  const celsius = Math.max(...rows.map(([value = 0]) => value))
  const percent = Math.max(...rows.map(([, value = 0]) => value))
  return {
    temperatures: [{ id: 'nvidia', name: 'NVIDIA', celsius, limitCelsius: LIMIT_C }],
    loads: [{ id: 'nvidia', name: 'NVIDIA', percent }],
  }
}

export async function readNvidia(tools: Tools): Promise<Pick<MachineReading, 'temperatures' | 'loads'>> {
  return parseNvidia(await tools.ask('nvidia-smi', QUESTION))
}
