import type { StartedSidecar } from '../../appliance/src/vision/backends/sidecar.ts'
import type { Architecture } from '../package/targets.ts'

/** A hardware enablement package: what one kind of accelerator needs beside Lares. */
export interface Layer {
  /** Name of its folder here, of its sidecar and of the sidecar's socket. */
  name: Extract<StartedSidecar, 'hailo' | 'coral' | 'rockchip' | 'jetson'>
  title: string
  /** Machines that have such a chip. */
  architectures: readonly Architecture[]
  /** Two lines for the package manager. */
  description: readonly [string, string]
  /** Groups that the nodes of the chip belong to. */
  groups: readonly string[]
  /** Nodes that the sidecar may open; null where they are too many and change too often to be named. */
  devices: readonly string[] | null
  /** What the model's file is called. */
  model: string
}

export const LAYERS: readonly Layer[] = [
  {
    name: 'hailo',
    title: 'Hailo-8, 8L and 10H',
    architectures: ['amd64', 'arm64'],
    description: [
      'HailoRT itself comes from Raspberry Pi OS (hailo-all, hailo-h10-all)',
      'or from Hailo’s developer zone.',
    ],
    groups: ['render'],
    devices: ['char-hailo*', 'char-h1x*'],
    model: 'model.hef',
  },
  {
    name: 'coral',
    title: 'Coral USB stick',
    architectures: ['amd64', 'arm64'],
    description: [
      'libedgetpu1-std and tflite_runtime are not part of Debian and come from',
      'elsewhere. The PCIe and M.2 cards are not supported.',
    ],
    // The rule of libedgetpu1-std gives the stick to plugdev.
    groups: ['render', 'plugdev'],
    devices: ['char-usb_device'],
    model: 'model_edgetpu.tflite',
  },
  {
    name: 'rockchip',
    title: 'Rockchip NPU (RK356x, RK3576, RK3588)',
    architectures: ['arm64'],
    description: ['The driver comes with Rockchip’s kernel; librknnrt and', 'rknn-toolkit-lite2 come from Rockchip.'],
    groups: ['render', 'video'],
    devices: ['char-drm', 'char-dma_heap', '/dev/rknpu'],
    model: 'model.rknn',
  },
  {
    name: 'jetson',
    title: 'NVIDIA Jetson (TensorRT)',
    architectures: ['arm64'],
    description: [
      'CUDA and TensorRT come with JetPack (nvidia-jetpack), cuda-python',
      'from the Python package index.',
    ],
    groups: ['video', 'render'],
    devices: null,
    model: 'model.engine',
  },
]

export const packageNameOf = ({ name }: Layer): string => `lares-accelerator-${name}`
export const serviceOf = ({ name }: Layer): string => `lares-sidecar-${name}`
/** Where the owner lays the model; nothing starts before it is there. */
export const modelFolderOf = ({ name }: Layer): string => `/var/lib/lares-accelerators/${name}`
/** A Python of its own for libraries that Debian does not have; the system's is used where it is missing. */
export const pythonFolderOf = ({ name }: Layer): string => `/opt/lares-accelerators/${name}`
