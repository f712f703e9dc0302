// One incident, a thousand phones: how long until the last request is at the push service, and whether any is lost.
import { startAlertsHome, until } from '../alerts/harness.ts'
import { isQuick, quantile, report } from './report.ts'

const PHONES = 1_000
const ROUNDS = isQuick ? 2 : 5
const WARM_UP_MS = 500

const home = await startAlertsHome()
const { database, service } = home
for (let phone = 0; phone < PHONES; phone++) {
  // One person may have 32 phones: the crowd is made of many people.
  const userId = `crowd-${phone >> 5}`
  if ((phone & 31) === 0) await addPerson(userId)
  await home.subscribe(userId)
}

const fanOutMs: number[] = []
const cpuMs: number[] = []
let lost = 0
let twice = 0
for (let round = 0; round < ROUNDS; round++) {
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS))
  service.received.length = 0
  const from = performance.now()
  const cpuBefore = process.cpuUsage()
  await home.open()
  await service.waitFor(PHONES, 60_000)
  fanOutMs.push(Math.max(...service.received.map((push) => push.atMs)) - from)
  const { user, system } = process.cpuUsage(cpuBefore)
  cpuMs.push((user + system) / 1000)
  await until('all are marked', async () => (await home.outbox()).every(({ state }) => state === 'sent'), 60_000)
  const reached = new Set(service.received.filter(({ status }) => status === 201).map((push) => push.subscriptionId))
  lost += PHONES - reached.size
  twice += service.received.length - reached.size
}
await home.stop()

report({
  bench: 'notify',
  figures: {
    fanout_1000_ms: quantile(fanOutMs, 0.95),
    fanout_1000_p50_ms: quantile(fanOutMs, 0.5),
    cpu_1000_with_stand_in_p50_ms: quantile(cpuMs, 0.5),
    lost,
    twice,
  },
  goals: { fanout_1000_ms: { atMost: 5_000 }, lost: { atMost: 0 } },
  conditions: {
    phones: PHONES,
    rounds: ROUNDS,
    push_service: 'HTTPS on loopback in the same process, checks every signature',
  },
})

async function addPerson(id: string): Promise<void> {
  const row = {
    id,
    username: id,
    display_name: id,
    role: 'viewer',
    active: 1 as const,
    password_hash: '',
    password_changed_at: 0,
  }
  await database.writer
    .insertInto('users')
    .values({ ...row, totp_secret: null, cameras_limited: 0 as const, totp_last_step: 0, created_at: 0 })
    .execute()
}
