import { newId } from '../../../appliance/src/core/ids.ts'
import { openTestDatabase, type TestDatabase } from '../../../appliance/src/db/testing.ts'
import { insertDevice } from '../../../appliance/src/plugs/device-store.ts'
import { insertPlug, UNKNOWN_STATE } from '../../../appliance/src/plugs/plug-store.ts'
import { startPlugsHome, type PlugsHome } from '../../plugs/harness.ts'

export interface Address {
  host: string
  port: number
  mac: string
}

/** A home that already knows these plugs, as after a restart. */
export async function homeWith(
  addresses: readonly Address[],
): Promise<{ home: PlugsHome; database: TestDatabase; startMs: number }> {
  const database = await openTestDatabase()
  const now = Date.now()
  await database.transaction(async (trx) => {
    for (const [index, { host, port, mac }] of addresses.entries()) {
      const model = 'KP115(EU)'
      const device = { mac, name: `Plug ${index}`, model, firmware: '', hardware: '', host, port, link: null }
      await insertDevice(trx, { ...device, can: ['switch', 'meter'] }, now)
      const words = { name: `Plug ${index}`, named: false, roomId: null, notes: '', picture: null }
      const plug = { id: newId(now), mac, outlet: '', position: 0, ...words, last: UNKNOWN_STATE }
      await insertPlug(trx, plug, now)
    }
  })
  const startMs = performance.now()
  return { home: await startPlugsHome({ database }), database, startMs }
}

/** How many plugs answered at or after `since`. */
export async function seenSince(home: PlugsHome, since: number): Promise<number> {
  return (await home.plugs.list()).filter((plug) => plug.reachable && (plug.seenAt ?? 0) >= since).length
}
