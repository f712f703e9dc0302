import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAcceleratorWatch } from '../../appliance/src/alerts/own-health/accelerator.ts'
import type { DetectorCandidate, DetectorStatus } from '../../appliance/src/api/system.ts'

function statusOf(provider: string, change: Partial<DetectorCandidate> = {}): DetectorStatus {
  const hailo: DetectorCandidate = {
    ...{ id: 'sidecar:hailo', kind: 'sidecar', title: 'Hailo (sidecar)', state: 'chosen', reason: 'It works.' },
    ...{ inferenceMs: 9, atOnce: 1, nextTryAt: null, ...change },
  }
  const about = { model: null, inferenceMsP50: 9, room: null, problem: null }
  return { state: 'ready', provider, candidates: [hailo], ...about }
}

function watch() {
  const raised: string[] = []
  let isUp = false
  const tell = createAcceleratorWatch({
    raise(notice) {
      isUp = true
      raised.push(notice.detail)
    },
    clear: () => void (isUp = false),
  })
  return { tell, raised, isUp: () => isUp }
}

test('a lost accelerator is told with its name and the reason, and cleared when it is back', () => {
  const { tell, raised, isUp } = watch()
  tell(statusOf('cpu', { state: 'absent' }))
  assert.equal(isUp(), false, 'nothing was lost that never looked')
  tell(statusOf('sidecar:hailo'))
  tell(statusOf('cpu', { state: 'failed', reason: 'It failed while running: The sidecar ended.' }))
  assert.equal(isUp(), true)
  assert.match(raised[0] ?? '', /ran on Hailo \(sidecar\) .* The sidecar ended\./)
  tell(statusOf('sidecar:hailo'))
  assert.equal(isUp(), false)
})

test('what the owner chose is no loss', () => {
  for (const change of [{ state: 'ready' }, { state: 'present' }, { kind: 'remote', state: 'absent' }] as const) {
    const { tell, raised } = watch()
    tell(statusOf('sidecar:hailo'))
    tell(statusOf('cpu', change))
    assert.deepEqual(raised, [], JSON.stringify(change))
  }
})
