import type { MachineFacts, VideoNode } from './facts.ts'
import { nvidiaGpu } from './probes/nvidia.ts'
import { ROCKCHIP_WITH_NPU } from './probes/others.ts'
import { nodeFix, rightsFix } from './probes/probe.ts'
import type { DecodeBlock } from './types.ts'

type Words = Pick<DecodeBlock, 'kind' | 'name' | 'codecs'>

const BOTH: DecodeBlock['codecs'] = ['h264', 'hevc']

/** Decoders that the kernel shows as video nodes, by the name of their driver. */
const VIDEO_NODES: readonly (Words & { pattern: RegExp })[] = [
  { pattern: /^bcm2835-codec-decode$/, kind: 'v4l2-m2m', name: 'Raspberry Pi H.264 decoder', codecs: ['h264'] },
  { pattern: /^(rpivid|rpi-hevc-dec)$/, kind: 'v4l2-request', name: 'Raspberry Pi HEVC decoder', codecs: ['hevc'] },
  { pattern: /^qcom-venus-decoder|Venus video decoder/, kind: 'v4l2-m2m', name: 'Qualcomm decoder', codecs: BOTH },
  { pattern: /^(s5p-mfc-dec|mtk-vcodec-dec)/, kind: 'v4l2-m2m', name: 'Video decoder of the chip', codecs: BOTH },
  { pattern: /^(rkvdec|hantro-vpu|rockchip,.*-vpu-dec)/, kind: 'v4l2-request', name: 'Rockchip decoder', codecs: BOTH },
]

/** Blocks that may decode camera streams. That one is here does not mean that it works: try two seconds before use. */
export function findDecoders(facts: MachineFacts): DecodeBlock[] {
  return [...videoNodes(facts), ...renderNodes(facts), ...nvidia(facts), ...jetson(facts), ...rockchip(facts)]
}

function block(facts: MachineFacts, words: Words, path: string): DecodeBlock {
  const node = facts.node(path)
  const fix = node === null ? nodeFix(facts, path) : node.mayUse ? null : rightsFix(facts, node)
  return { ...words, node: path, ready: fix === null, fix }
}

function videoNodes(facts: MachineFacts): DecodeBlock[] {
  return facts.video.flatMap(({ name, node }: VideoNode) => {
    const known = VIDEO_NODES.find(({ pattern }) => pattern.test(name))
    if (!known) return []
    const { pattern: _, ...words } = known
    return [block(facts, words, node)]
  })
}

const VAAPI_DRIVERS: Readonly<Record<string, string>> = {
  i915: 'Intel video engine',
  xe: 'Intel video engine',
  amdgpu: 'AMD video engine',
  radeon: 'AMD video engine',
}

function renderNodes(facts: MachineFacts): DecodeBlock[] {
  return facts.render.flatMap(({ node, device, driver }) => {
    const name = VAAPI_DRIVERS[driver ?? facts.pci.find(({ address }) => address === device)?.driver ?? '']
    return name ? [block(facts, { kind: 'vaapi', name, codecs: BOTH }, node)] : []
  })
}

function nvidia(facts: MachineFacts): DecodeBlock[] {
  return nvidiaGpu.find(facts).map(({ ready, fix }) => ({
    ...{ kind: 'nvdec' as const, name: 'NVIDIA video engine', codecs: BOTH },
    ...{ node: '/dev/nvidia0', ready, fix },
  }))
}

function jetson(facts: MachineFacts): DecodeBlock[] {
  const path = ['/dev/v4l2-nvdec', '/dev/nvhost-nvdec'].find((each) => facts.node(each))
  return path ? [block(facts, { kind: 'nvmpi', name: 'Jetson video engine', codecs: BOTH }, path)] : []
}

function rockchip(facts: MachineFacts): DecodeBlock[] {
  if (!facts.node('/dev/mpp_service') || !facts.compatible.some((each) => ROCKCHIP_WITH_NPU.test(each))) return []
  return [block(facts, { kind: 'rkmpp', name: 'Rockchip video engine', codecs: BOTH }, '/dev/mpp_service')]
}
