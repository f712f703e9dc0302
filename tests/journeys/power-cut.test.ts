import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Incident, IncidentsReply } from '../../appliance/src/api/incidents.ts'
import { walkInClip } from '../fakes/clip.ts'
import { startPushService, type PushService, type ReceivedPush } from '../fakes/push-service.ts'
import { startRtspServer, type RtspServer } from '../fakes/rtsp-server.ts'
import { sharedData, startProduct, type Product } from '../harness/product.ts'
import { OWNER, setUpHome, totpCode } from '../harness/setup.ts'

const QUIET_AFTER_MS = 4_000

describe('J8 kill -9 in the middle: nothing that was acknowledged is lost', { timeout: 180_000 }, () => {
  let dataDir: string
  let push: PushService
  let camera: RtspServer
  let product: Product
  let totpSecret: string
  let before_: { incident: Incident; attempts: number }

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lares-power-cut-'))
    push = await startPushService()
    camera = await startRtspServer({ file: await walkInClip() })
  })

  after(async () => {
    await product?.stop()
    await camera?.stop()
    await push?.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  const start = (): Promise<Product> => {
    const model = sharedData('models/yolox_nano_416.onnx')
    return startProduct({ dataDir, env: { LARES_PUSH_CA: push.rootFile, ...(model && { LARES_MODEL: model }) } })
  }
  const of = (incidentId: string): ReceivedPush[] =>
    push.received.filter((one) => push.read(one).notification.data.path.includes(incidentId))

  it('an incident is committed while the push service refuses, then the power goes', async () => {
    product = await start()
    const client = product.client()
    totpSecret = (await setUpHome(client, product.setupCode ?? '')).totpSecret
    const { endpoint, keys } = push.subscribe()
    await client.must('POST', '/api/push/targets', { endpoint, keys })
    push.answer = () => ({ status: 503, headers: { 'retry-after': '1' } })
    await client.must('POST', '/api/cameras', { name: 'Front door', source: { kind: 'rtsp', url: camera.url } })
    await push.waitFor(1, 40_000)
    const { incidents } = await client.must<IncidentsReply>('GET', '/api/incidents')
    const incident = incidents[0]
    assert.ok(incident, 'the push speaks of an incident that is not in the list')
    await product.kill()
    before_ = { incident, attempts: of(incident.id).length }
    assert.ok(before_.attempts >= 1)
  })

  it('no process of ours outlives the power cut', async () => {
    for (let waited = 0; waited < 5_000 && leftOvers(dataDir) !== ''; waited += 200)
      await new Promise((resolve) => setTimeout(resolve, 200))
    assert.equal(leftOvers(dataDir), '')
  })

  it('J8 after the restart the incident is there and each push is delivered exactly once', async () => {
    push.answer = () => undefined
    product = await start()
    assert.equal(product.setupCode, null)
    const { incident, attempts } = before_
    await waitUntil(() => of(incident.id).length > attempts, 30_000)
    const client = product.client()
    await signIn(client, totpSecret)
    const { incidents } = await client.must<IncidentsReply>('GET', '/api/incidents')
    const found = incidents.find(({ id }) => id === incident.id)
    assert.ok(found, 'the incident is gone')
    assert.equal(found.openedAt, incident.openedAt)
    assert.equal(found.camera.name, 'Front door')
    await new Promise((resolve) => setTimeout(resolve, QUIET_AFTER_MS))
    // A visit that became graver before the cut had said so in a second notice; none of them comes twice.
    const delivered = of(incident.id).filter(({ status }) => status === 201)
    const words = delivered.map((one) => JSON.stringify(push.read(one)))
    assert.ok(words.length >= 1)
    assert.equal(new Set(words).size, words.length, words.join('\n'))
  })

  it('the database is whole, says `lares check`', async () => {
    await product.stop()
    const output = execFileSync(process.execPath, ['appliance/src/cli/main.ts', 'check', '--data', dataDir], {
      encoding: 'utf8',
    })
    assert.match(output, /Everything is whole/)
  })
})

async function signIn(client: ReturnType<Product['client']>, totpSecret: string): Promise<void> {
  // A code works once; the one of setup may still be the current one.
  for (let attempt = 0; ; attempt++) {
    const answer = await client.call('POST', '/api/session', {
      username: OWNER.username,
      password: OWNER.password,
      code: totpCode(totpSecret),
    })
    if (answer.status === 200) return
    if (attempt >= 5) throw new Error(`cannot sign in: ${answer.body.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 8_000))
  }
}

function leftOvers(dataDir: string): string {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
  return all
    .split('\n')
    .filter((line) => line.includes(dataDir))
    .join('\n')
}

async function waitUntil(isTrue: () => boolean, limitMs: number): Promise<void> {
  const limit = Date.now() + limitMs
  while (!isTrue()) {
    if (Date.now() > limit) throw new Error(`did not come true within ${limitMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
