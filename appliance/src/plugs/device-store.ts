import { z } from 'zod'
import { PLUG_CAPABILITIES, type PlugCapability } from '../api/plugs.ts'
import type { Db } from '../db/database.ts'
import type { LinkMemory } from './device-link.ts'

/** One physical device, all its outlets. */
export interface StoredDevice {
  mac: string
  name: string
  model: string
  /** Empty until it told. */
  firmware: string
  hardware: string
  host: string
  port: number
  link: LinkMemory | null
  can: PlugCapability[]
}

const capabilities = z.array(z.string())

export async function listDevices(db: Db): Promise<StoredDevice[]> {
  const rows = await db.selectFrom('plug_devices').selectAll().execute()
  return rows.map(({ mac, name, model, firmware, hardware, host, port, link, can }) => ({
    ...{ mac, name, model, firmware, hardware, host, port },
    link: link === null ? null : (JSON.parse(link) as LinkMemory),
    can: readCapabilities(can),
  }))
}

/** What a later version knew and this one does not is left out. */
function readCapabilities(json: string): PlugCapability[] {
  const named = capabilities.parse(JSON.parse(json))
  return PLUG_CAPABILITIES.filter((each) => named.includes(each))
}

const toColumns = ({ name, model, firmware, hardware, host, port, link, can }: StoredDevice) => ({
  ...{ name, model, firmware, hardware, host, port },
  link: link && JSON.stringify(link),
  can: JSON.stringify(can),
})

export async function insertDevice(db: Db, device: StoredDevice, now: number): Promise<void> {
  await db
    .insertInto('plug_devices')
    .values({ mac: device.mac, ...toColumns(device), created_at: now, updated_at: now })
    .execute()
  await noteAddress(db, device.mac, device.host, now)
}

export async function saveDevice(db: Db, device: StoredDevice, now: number): Promise<void> {
  await db
    .updateTable('plug_devices')
    .set({ ...toColumns(device), updated_at: now })
    .where('mac', '=', device.mac)
    .execute()
}

/** With its outlets and its addresses. */
export async function deleteDevice(db: Db, mac: string): Promise<void> {
  await db.deleteFrom('plug_devices').where('mac', '=', mac).execute()
}

/** It is at `host` now. A device that comes back to an address it had keeps when it was there first. */
export async function noteAddress(db: Db, mac: string, host: string, now: number): Promise<void> {
  await db
    .insertInto('plug_addresses')
    .values({ mac, host, first_seen_at: now, last_seen_at: now })
    .onConflict((conflict) => conflict.columns(['mac', 'host']).doUpdateSet({ last_seen_at: now }))
    .execute()
}
