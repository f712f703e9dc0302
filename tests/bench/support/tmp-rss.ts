import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { homeWith, seenSince } from './known-plugs.ts'
import { until } from '../../plugs/harness.ts'
const mb = (n: number) => (n / 1048576).toFixed(1)
const show = (w: string) => { const m = process.memoryUsage(); console.log(w, 'rss', mb(m.rss), 'heapUsed', mb(m.heapUsed), 'heapTotal', mb(m.heapTotal), 'ext', mb(m.external)) }
const child = fork(fileURLToPath(new URL('plug-farm.ts', import.meta.url)))
const addrs: any = await new Promise((r) => { child.once('message', r); child.send({ kind: 'odd', count: 300, net: 36 }) })
show('before'); (globalThis as any).gc(); show('before gc')
const { home, database } = await homeWith(addrs)
await until('read', async () => (await seenSince(home, 1)) === 300, 60000)
show('read')
await new Promise((r) => setTimeout(r, 15000)); show('15s'); (globalThis as any).gc(); show('gc')
await home.stop(); await database.close(); child.kill()
