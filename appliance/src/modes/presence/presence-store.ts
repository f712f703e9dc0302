import type { PresenceState } from '../../api/modes.ts'
import type { Db } from '../../db/database.ts'
import type { KnownDevice } from './presence-rules.ts'

export interface StoredDevice extends KnownDevice {
  label: string
  address: string | null
  userName: string
  userActive: boolean
  createdAt: number
}

export async function listDevices(db: Db): Promise<StoredDevice[]> {
  const rows = await db
    .selectFrom('presence_devices')
    .innerJoin('users', 'users.id', 'presence_devices.user_id')
    .selectAll('presence_devices')
    .select(['users.display_name as userName', 'users.active as active'])
    .orderBy('presence_devices.id')
    .execute()
  return rows.map((row) => ({
    ...{ id: row.id, userId: row.user_id, kind: row.kind as StoredDevice['kind'], label: row.label },
    ...{ address: row.address, state: row.state as PresenceState, since: row.state_since, seenAt: row.seen_at },
    ...{ userName: row.userName, userActive: row.active === 1, createdAt: row.created_at },
  }))
}

export type NewDevice = Pick<StoredDevice, 'id' | 'userId' | 'kind' | 'label' | 'address' | 'createdAt'>

export async function insertDevice(db: Db, device: NewDevice): Promise<void> {
  await db
    .insertInto('presence_devices')
    .values({
      ...{ id: device.id, user_id: device.userId, kind: device.kind, label: device.label, address: device.address },
      ...{ state: 'unknown', state_since: null, seen_at: null, created_at: device.createdAt },
    })
    .execute()
}

export async function saveDeviceState(db: Db, { id, state, since, seenAt }: KnownDevice): Promise<void> {
  await db
    .updateTable('presence_devices')
    .set({ state, state_since: since, seen_at: seenAt })
    .where('id', '=', id)
    .execute()
}

export async function deleteDevice(db: Db, id: string): Promise<void> {
  await db.deleteFrom('presence_devices').where('id', '=', id).execute()
}
