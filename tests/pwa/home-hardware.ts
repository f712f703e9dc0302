// What the fake home sees with: a Pi whose Hailo lacks its driver, and models of every kind.
import type { MachineReading } from '../../appliance/src/api/hardware.ts'
import { readingsReply } from '../../appliance/src/api/hardware.ts'
import * as api from '../../appliance/src/api/models.ts'
import { hardwareReply, type Hardware } from '../../appliance/src/api/system.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { open } from './home-state.ts'
import type { HomeDeps, HomeState } from './home-state.ts'

const HARDWARE: Hardware = {
  board: 'Raspberry Pi 5 Model B',
  cpu: { model: 'ARM Cortex-A76', cores: 4, features: ['asimddp'] },
  memoryMb: 8_064,
  accelerators: [
    {
      ...{ kind: 'hailo', name: 'Hailo-8 or Hailo-8L', present: true, ready: false, state: 'present' },
      hint: 'It is reached through the Hailo sidecar.',
      fix: 'Its driver is missing: install that of HailoRT 4 (hailo-all on Raspberry Pi OS, elsewhere hailort-pcie-driver), then restart the box.',
    },
    {
      ...{ kind: 'coral', name: 'Coral USB stick', present: true, ready: true, state: 'ready' },
      ...{ hint: 'It is reached through the Coral sidecar.', fix: null },
    },
  ],
  decoders: [
    {
      ...{ kind: 'v4l2-request', name: 'Raspberry Pi HEVC decoder', codecs: ['hevc'], node: '/dev/video19' },
      ...{ ready: true, fix: null },
    },
  ],
  detector: {
    state: 'ready',
    model: { name: 'YOLOX-Nano', family: 'yolox', inputWidth: 416, inputHeight: 416 },
    provider: 'cpu',
    inferenceMsP50: 38.4,
    candidates: [
      {
        ...{ id: 'cuda', kind: 'graphics', title: 'NVIDIA CUDA', state: 'absent', atOnce: null },
        ...{ reason: 'There is no NVIDIA graphics processor.', inferenceMs: null, nextTryAt: null },
      },
      {
        ...{ id: 'cpu', kind: 'processor', title: 'Processor', state: 'chosen', atOnce: 3 },
        ...{ reason: 'Works everywhere.', inferenceMs: 38.4, nextTryAt: null },
      },
    ],
    room: { cameras: 3, looksPerSecond: 2.1, mostLooksPerSecond: 54, camerasLeft: 9 },
    problem: null,
  },
  looking: { busyPct: 34, looksPerSecond: 11.2, cameras: [] },
}

/** The first cameras are looked at often, the second one less: a tree moves there. */
function lookingAt(cameras: readonly { id: string }[]): Hardware['looking'] {
  const every = {
    ...{ picturesPerSecond: 5, wantedPerSecond: 4.6, lookedAtPerSecond: 4.6, everyNth: 1, pace: 'every' as const },
    words: 'Every picture in which something moves is looked at.',
  }
  const restless = {
    ...{ picturesPerSecond: 5, wantedPerSecond: 1.6, lookedAtPerSecond: 1.6, everyNth: 3, pace: 'restless' as const },
    words:
      'Looks at every 3rd picture: something moves there all the time, and it is nothing. Whoever steps in elsewhere is seen at once.',
  }
  return {
    ...HARDWARE.looking,
    cameras: cameras.map(({ id }, index) => ({ cameraId: id, ...(index === 1 ? restless : every) })),
  }
}

function makeReadings(): MachineReading[] {
  return Array.from({ length: 120 }, (_, minute) => ({
    at: Date.now() - (119 - minute) * 60_000,
    temperatures: [
      { id: 'zone', name: 'Processor', celsius: 58 + 9 * Math.sin(minute / 14) + (minute % 3), limitCelsius: 80 },
    ],
    loads: [{ id: 'cpu', name: 'Processor', percent: Math.round(34 + 22 * Math.sin(minute / 9) + (minute % 5)) }],
    throttling: { underVoltage: false, isSlowed: false, hadUnderVoltage: true },
  }))
}

const entry = (change: Partial<api.ModelEntry> & Pick<api.ModelEntry, 'name' | 'title'>): api.ModelEntry => ({
  ...{ family: 'yolox', licence: 'Apache-2.0', needsConsent: false, sizeBytes: 3_660_092, sha256: 'a5'.repeat(32) },
  ...{ inputWidth: 416, inputHeight: 416, classes: 80, map50: null, inferenceMs: null, builtIn: false },
  ...{ installed: false, active: false, canFetch: false, source: 'https://github.com/opencv/opencv_zoo' },
  ...change,
})

function makeModels(): api.Models {
  return {
    models: [
      entry({
        ...{ name: 'centernet-mb3-512', title: 'CenterNet MobileNetV3, built in', family: 'centernet', licence: 'MIT' },
        ...{ inputWidth: 512, inputHeight: 512, map50: 53.9, inferenceMs: 141, installed: true, builtIn: true },
      }),
      entry({
        ...{ name: 'yolox-nano-416', title: 'YOLOX-Nano, quick', map50: 49, inferenceMs: 38.4 },
        ...{ installed: true, active: true, canFetch: true },
      }),
      entry({
        name: 'yolox-s-640',
        title: 'YOLOX-S, sharp eyes for a fast machine',
        canFetch: true,
        sizeBytes: 35_858_002,
      }),
      entry({ name: 'd-fine-n-640', title: 'D-FINE-N, for graphics cards', family: 'detr', sha256: null }),
      entry({
        ...{ name: 'yard', title: 'Your own: yard', family: 'yolov8', licence: 'AGPL-3.0', needsConsent: true },
        ...{ classes: 4, installed: true, inferenceMs: 66, source: 'the file yard.onnx' },
      }),
    ],
    ...{ job: null, previous: 'centernet-mb3-512', rolledBack: null },
  }
}

export interface HomeHardware {
  hardware: Hardware
  readings: MachineReading[]
  models: api.Models
  /** Bytes that were sent in pieces. */
  uploaded: number
}

const known = new WeakMap<HomeState, HomeHardware>()

export function hardwareOf(state: HomeState): HomeHardware {
  let found = known.get(state)
  if (!found) {
    found = {
      hardware: { ...structuredClone(HARDWARE), looking: lookingAt(state.data.cameras) },
      readings: makeReadings(),
      models: makeModels(),
      uploaded: 0,
    }
    known.set(state, found)
  }
  return found
}

export function hardwareRoutes({ state }: HomeDeps): Route[] {
  const home = hardwareOf(state)
  const job = (name: string, phase: api.ModelJob['phase']): api.Models => {
    const part = { receivedBytes: 1_572_864, totalBytes: 35_858_002, sha256: 'b7'.repeat(32), problem: null }
    home.models = { ...home.models, job: { name, phase, ...part } }
    return home.models
  }
  const look = { ...open, method: 'GET', needs: 'system.view' } as const
  const change = { ...open, method: 'POST', needs: 'system.edit', reply: api.modelsReply } as const
  return [
    route({ ...look, path: '/api/hardware', reply: hardwareReply, run: async () => home.hardware }),
    route({
      ...look,
      path: '/api/hardware/readings',
      reply: readingsReply,
      run: async () => ({ readings: home.readings }),
    }),
    route({ ...look, path: '/api/models', reply: api.modelsReply, run: async () => home.models }),
    route({
      ...{ ...change, path: '/api/models/fetch', body: api.fetchModelBody },
      run: async ({ body }) => job('name' in body ? body.name : 'own', 'name' in body ? 'fetching' : 'confirm'),
    }),
    route({
      ...{ ...change, path: '/api/models/confirm', body: api.confirmModelBody },
      run: async () => job('own', 'done'),
    }),
    route({
      ...{ ...change, path: '/api/models/cancel' },
      run: async () => (home.models = { ...home.models, job: null }),
    }),
    route({
      ...{ ...change, path: '/api/models/use', body: api.useModelBody },
      async run({ body: { name } }) {
        const models = home.models.models.map((each) => ({ ...each, active: each.name === name }))
        return (home.models = { ...home.models, models })
      },
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/models/upload', needs: 'system.edit' },
      ...{ body: api.beginUploadBody, reply: api.uploadReply },
      run: async () => ({ receivedBytes: (home.uploaded = 0), chunkBytes: 1_000 }),
    }),
    route({
      ...{ ...open, method: 'PUT', path: '/api/models/upload', needs: 'system.edit' },
      ...{ body: api.uploadChunkBody, reply: api.uploadReply },
      async run({ body }) {
        home.uploaded += Buffer.from(body.data, 'base64').length
        return { receivedBytes: home.uploaded, chunkBytes: 1_000 }
      },
    }),
    route({ ...{ ...change, path: '/api/models/upload/finish' }, run: async () => job('mine', 'done') }),
  ]
}
