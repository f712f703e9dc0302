// What it costs to know who asks and whether they may, and whether a crowd at the door holds up the rest: 50 sign-ins a
// second against the real product in its own process, which watches one camera meanwhile.
import { DEVICE_COOKIE, SESSION_COOKIE } from '../../appliance/src/http/index.ts'
import { checkPermission } from '../../appliance/src/http/gate.ts'
import { setUpOwner, startAccess } from '../accounts/access.ts'
import { walkInClip } from '../fakes/clip.ts'
import { startRtspServer } from '../fakes/rtsp-server.ts'
import { sharedData, startProduct, type Product } from '../harness/product.ts'
import { setUpHome } from '../harness/setup.ts'
import { isQuick, quantile, report } from './report.ts'
import { inviteVisitors, signInAtRate, type Load } from './support/sign-in-load.ts'

const CHECKS = isQuick ? 5_000 : 20_000
const WARM_UP = 2_000
const PER_S = 50
const SECONDS = isQuick ? 12 : 25
// Tries under way count as guesses until they are decided: few of each at a time.
const VISITORS = 60
const ADMIN_KEY = 'a-key-for-the-bench-only'
/** Setup, certificates and the model are behind us. */
const SETTLE_MS = 4_000

/** Signature, session and permission of one request, in milliseconds, through the product's own door. */
async function permissionChecks(): Promise<number[]> {
  const at = await startAccess()
  try {
    const { browser } = await setUpOwner(at)
    const deviceToken = browser.cookies.get(DEVICE_COOKIE) ?? null
    const accessToken = browser.cookies.get(SESSION_COOKIE) ?? null
    const credentials = { accessToken, deviceToken, refreshToken: null, apiKey: null }
    const client = { address: '127.0.0.1', userAgent: '', deviceToken, credentials, isActivity: true }
    const asking = { ...client, method: 'GET', path: '/api/cameras', query: {}, adminKey: null }
    const guarded = { needs: 'cameras.view', limit: 'general', sudo: false } as const
    const tookMs: number[] = []
    for (let n = 0; n < WARM_UP + CHECKS; n++) {
      const startedAt = performance.now()
      await checkPermission(guarded, await at.accounts.authenticate(client), asking, { clock: at.clock } as never)
      if (n >= WARM_UP) tookMs.push(performance.now() - startedAt)
    }
    return tookMs
  } finally {
    await at.stop()
  }
}

interface Crowd extends Load {
  restMs: number
  crowdMs: number
}

async function crowd(product: Product): Promise<Crowd> {
  const camera = await startRtspServer({ file: await walkInClip() })
  try {
    const owner = product.client()
    await setUpHome(owner, product.setupCode ?? '')
    await owner.must('POST', '/api/cameras', { name: 'Door', source: { kind: 'rtsp', url: camera.url } })
    const visitors = await inviteVisitors(owner, () => product.client(), VISITORS)
    const asker = product.client()
    /** How late the event loop was since the last question. */
    const loopP99Ms = async (): Promise<number> => {
      const answer = await asker.call('GET', '/api/admin/runtime', undefined, { 'x-admin-api-key': ADMIN_KEY })
      return answer.json<{ eventLoopP99Ms: number }>().eventLoopP99Ms
    }
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
    await pause()
    await loopP99Ms()
    await pause()
    const restMs = await loopP99Ms()
    const load = await signInAtRate(visitors, PER_S, SECONDS)
    return { ...load, restMs, crowdMs: await loopP99Ms() }
  } finally {
    await camera.stop()
  }
}

const checksMs = await permissionChecks()
const model = sharedData('models/yolox_nano_416.onnx')
const admin = { DEBUG: 'true', ADMIN_ENABLED: 'true', ADMIN_API_KEY: ADMIN_KEY }
const product = await startProduct({
  env: { RATE_LIMIT_ENABLED: 'false', ...admin, ...(model && { LARES_MODEL: model }) },
})
let seen: Crowd
try {
  seen = await crowd(product)
} finally {
  await product.stop()
}
if (seen.failed.length > 0) console.error(`Refused otherwise: ${seen.failed.join(', ')}`)

report({
  bench: 'auth',
  figures: {
    permission_check_ms: quantile(checksMs, 0.5),
    permission_check_p99_ms: quantile(checksMs, 0.99),
    loop_p99_ms_under_50_logins_s: seen.crowdMs,
    loop_p99_ms_at_rest: seen.restMs,
    logins_answered_per_s: (seen.tookMs.length / seen.lastedMs) * 1_000,
    login_p50_ms: quantile(seen.tookMs, 0.5),
    login_p95_ms: quantile(seen.tookMs, 0.95),
    sent_away: seen.sentAway,
    left_over: seen.leftOver,
    failed: seen.failed.length,
  },
  conditions: {
    checks: CHECKS,
    what: 'check: signature, session, browser, permission; logins: password of a viewer, new session each',
    logins_per_s: PER_S,
    seconds: SECONDS,
    camera: `RTSP, 15 pictures a second, watched by ${model === null ? 'centernet-mb3-512 (embedded)' : 'yolox-nano-416'}`,
    load_generator: 'another process on the same machine; at most 150 under way at once, left_over had no turn',
  },
  goals: {
    permission_check_ms: { atMost: 0.1 },
    loop_p99_ms_under_50_logins_s: { atMost: 50 },
    failed: { atMost: 0 },
  },
})
