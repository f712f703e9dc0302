import type { MachineFacts } from './facts.ts'

/** Names of ARM cores by the part number that the kernel prints. */
const ARM_PARTS: Readonly<Record<string, string>> = {
  '0xd03': 'ARM Cortex-A53',
  '0xd05': 'ARM Cortex-A55',
  '0xd07': 'ARM Cortex-A57',
  '0xd08': 'ARM Cortex-A72',
  '0xd0b': 'ARM Cortex-A76',
  '0xd42': 'ARM Cortex-A78AE',
  '0xd4d': 'ARM Cortex-A715',
}

/** Instructions that make a processor quick at detection, by the name that the kernel gives them. */
const FEATURES = ['avx2', 'avx512_vnni', 'avx_vnni', 'amx_int8', 'asimddp', 'i8mm'] as const

export function cpuOf({ cpuInfo }: MachineFacts): { model: string; cores: number; features: string[] } {
  const cores = cpuInfo.match(/^processor\s*:/gm)?.length ?? 0
  const name = field(cpuInfo, 'model name')
  const parts = [...cpuInfo.matchAll(/^CPU part\s*:\s*(\S+)/gm)].map(
    ([, part = '']) => ARM_PARTS[part] ?? `ARM ${part}`,
  )
  const model = name ?? ([...new Set(parts)].join(' + ') || 'unknown processor')
  const flags = new Set((field(cpuInfo, 'flags') ?? field(cpuInfo, 'Features') ?? '').split(' '))
  return { model, cores: Math.max(cores, 1), features: FEATURES.filter((name) => flags.has(name)) }
}

export function memoryMbOf({ memInfo }: MachineFacts): number {
  return Math.round(Number(field(memInfo, 'MemTotal')?.split(' ')[0] ?? 0) / 1024)
}

export function boardOf(facts: MachineFacts): string {
  return facts.boardModel ?? 'Linux computer'
}

function field(text: string, name: string): string | null {
  return new RegExp(`^${name}\\s*:\\s*(.+)$`, 'm').exec(text)?.[1]?.trim() ?? null
}
