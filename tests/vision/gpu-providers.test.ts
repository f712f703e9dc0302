import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { createHardware } from '../../appliance/src/hardware/index.ts'
import { buildDefaultModel } from '../../appliance/src/vision/index.ts'
import { startDetectorThread } from '../../appliance/src/vision/detector-thread.ts'
import { providersRuledOut } from '../../appliance/src/vision/providers-by-hardware.ts'
import { dataFile, decodeClip } from './data.ts'

const { accelerators } = await createHardware().probe()
const card = accelerators.find(({ kind, ready }) => kind === 'nvidia-gpu' && ready)

test('on an NVIDIA machine every provider is tried, told in words, and the choice sees what the processor sees', async (t) => {
  if (!card) return t.skip('skipped: no NVIDIA graphics card with a driver')
  const report = await createHardware().probe()
  assert.deepEqual(providersRuledOut(report), {})
  const thread = startDetectorThread(systemClock)
  t.after(() => thread.end())
  const opened = await thread.open(await buildDefaultModel(), 1, providersRuledOut(report))
  t.diagnostic(JSON.stringify(opened))
  assert.deepEqual(
    opened.tried.map(({ provider }) => provider),
    ['tensorrt', 'cuda', 'webgpu', 'cpu'],
  )
  const working = opened.tried.filter(({ outcome }) => outcome === 'chosen' || outcome === 'works')
  assert.ok(working.some(({ provider }) => provider === 'cpu'))
  assert.ok(opened.tried.every(({ reason }) => reason.length > 0))
  const fastest = Math.min(...working.map(({ inferenceMs }) => inferenceMs ?? Infinity))
  assert.equal(opened.inferenceMs, fastest)
  const clip = dataFile('video/synthetic-yard-360p15.mp4')
  const frame = clip ? decodeClip(clip, 640, 360, 1)[13] : undefined
  if (!frame) return
  const { detections } = await thread.look(frame, 0.4)
  assert.equal(detections[0]?.class, 'person')
})
