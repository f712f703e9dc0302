// Which of a machine's own video decoders may be tried, and how ffmpeg is asked for each. A table; nothing is run here.
import { shrink, smallSize } from './picture-filters.ts'

/** What has to be known about a machine to choose. */
export interface DecodingFacts {
  /** Kinds of accelerators that are ready, as hardware/ calls them: `nvidia-gpu`, `intel-gpu`, `rockchip` … */
  ready: ReadonlySet<string>
  /** Device tree, for example `raspberrypi,5-model-b`, `brcm,bcm2712`. */
  compatible: readonly string[]
  /** What the kernel's video devices call themselves. */
  videoNames: readonly string[]
  /** Render nodes, for example `/dev/dri/renderD128`. */
  renderNodes: readonly string[]
}

export interface HardwareDecoder {
  id: string
  /** For the owner: "decoded by …". */
  name: string
  /** Before `-i`. */
  inputArgs: readonly string[]
  /** The filter that makes pictures small and brings them into the processor's memory. */
  shrink(maxWidth: number): string
}

interface Row {
  id: string
  name: string
  /** ffmpeg's names of the codecs it decodes. */
  codecs: readonly string[]
  fits(facts: DecodingFacts): boolean
  inputArgs(codec: string, facts: DecodingFacts): readonly string[]
  shrink?(maxWidth: number): string
}

const firstNode = ({ renderNodes }: DecodingFacts): string => renderNodes[0] ?? '/dev/dri/renderD128'

/** In the order in which they are tried. Published flags of each vendor (facts/vision.md §3); each is proven before use. */
const ROWS: readonly Row[] = [
  {
    ...{ id: 'cuda', name: 'the NVIDIA graphics card', codecs: ['h264', 'hevc', 'mpeg2video', 'mjpeg'] },
    fits: ({ ready }) => ready.has('nvidia-gpu'),
    inputArgs: () => ['-hwaccel', 'cuda', '-hwaccel_output_format', 'cuda'],
    shrink: (maxWidth) => `scale_cuda=${smallSize(maxWidth)},hwdownload,format=nv12`,
  },
  {
    ...{ id: 'nvmpi', name: 'the Jetson’s decoder', codecs: ['h264', 'hevc'] },
    fits: ({ ready }) => ready.has('jetson'),
    inputArgs: (codec) => ['-c:v', `${codec}_nvmpi`],
  },
  {
    ...{ id: 'rkmpp', name: 'the Rockchip decoder', codecs: ['h264', 'hevc'] },
    fits: ({ compatible }) => compatible.some((each) => /^rockchip,rk3(399|5\d\d)/.test(each)),
    inputArgs: () => ['-hwaccel', 'rkmpp', '-hwaccel_output_format', 'drm_prime'],
    shrink: (maxWidth) => `scale_rkrga=${smallSize(maxWidth)}:format=nv12,hwdownload,format=nv12`,
  },
  {
    ...{ id: 'v4l2m2m', name: 'the Raspberry Pi’s H.264 decoder', codecs: ['h264'] },
    fits: ({ videoNames }) => videoNames.includes('bcm2835-codec-decode'),
    inputArgs: () => ['-c:v', 'h264_v4l2m2m'],
  },
  {
    ...{ id: 'drm', name: 'the Raspberry Pi’s HEVC decoder', codecs: ['hevc'] },
    fits: ({ videoNames }) => videoNames.some((name) => name === 'rpivid' || name === 'rpi-hevc-dec'),
    inputArgs: () => ['-hwaccel', 'drm'],
  },
  {
    ...{ id: 'vaapi', name: 'the graphics chip', codecs: ['h264', 'hevc', 'mpeg2video', 'mjpeg'] },
    fits: ({ ready, renderNodes }) => renderNodes.length > 0 && (ready.has('intel-gpu') || ready.has('amd-gpu')),
    inputArgs: (_codec, facts) => [
      ...['-hwaccel', 'vaapi', '-hwaccel_device', firstNode(facts), '-hwaccel_output_format', 'vaapi'],
    ],
    shrink: (maxWidth) => `scale_vaapi=${smallSize(maxWidth)},hwdownload,format=nv12`,
  },
]

/** Decoders of this machine that say they decode `codec`, best first. */
export function hardwareDecoders(codec: string, facts: DecodingFacts): HardwareDecoder[] {
  return ROWS.filter((row) => row.codecs.includes(codec) && row.fits(facts)).map((row) => ({
    ...{ id: row.id, name: row.name, inputArgs: row.inputArgs(codec, facts), shrink: row.shrink ?? shrink },
  }))
}
