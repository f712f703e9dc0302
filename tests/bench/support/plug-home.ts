// A process with nothing but a database and plugs, to see what they weigh. Started with fork().
import { until } from '../../plugs/harness.ts'
import { homeWith, seenSince, type Address } from './known-plugs.ts'

interface Order {
  addresses: Address[]
  /** How long it is watched, polling every 5 s. */
  settleMs: number
}

async function weigh({ addresses, settleMs }: Order): Promise<number> {
  const { home, database } = await homeWith(addresses)
  await until('all are read', async () => (await seenSince(home, 1)) === addresses.length, 60_000)
  await new Promise((resolve) => setTimeout(resolve, settleMs))
  const megabytes = process.memoryUsage().rss / 1024 / 1024
  await home.stop()
  await database.close()
  return megabytes
}

process.on('message', (order: Order) => {
  weigh(order).then(
    (megabytes) => process.send?.(megabytes),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
