import { LaresError } from '../core/errors.ts'
import type { Clock } from '../core/clock.ts'
import type { Database } from '../db/database.ts'
import type { Arrangement } from './arrangement/arrangement.ts'
import { pathInData, type Pictures } from './pictures.ts'
import { listAddresses } from './plug-store.ts'
import type { Registry } from './registry.ts'
import type { PlugActions } from './types.ts'

export interface OwnersWordsDeps {
  registry: Registry
  arrangement: Arrangement
  database: Database
  clock: Clock
  pictures: Pictures
}

type OwnersWords = Pick<PlugActions, 'detail' | 'change' | 'remove' | 'setPicture' | 'removePicture' | 'pictureFile'>

/** What the owner says of a plug, and all that is known of it. */
export function ownersWords(deps: OwnersWordsDeps): OwnersWords {
  const { registry, arrangement, clock, pictures } = deps
  return {
    detail: (id) => detailOf(deps, id),
    async change(id, { name, roomId, notes }, by) {
      if (roomId) arrangement.room(roomId)
      const words = {
        ...(name !== undefined && { name, named: true }),
        ...(roomId !== undefined && { roomId }),
        ...(notes !== undefined && { notes: notes.trim() }),
      }
      return registry.change(id, words, by)
    },
    async remove(id, by) {
      const { picture } = registry.find(id).outlet
      await registry.remove(id, by)
      await pictures.drop(picture)
      await arrangement.plugRemoved()
    },
    async setPicture(id, bytes, by) {
      registry.find(id)
      const picture = await pictures.keep(id, bytes, clock.now())
      const before = registry.find(id).outlet.picture
      const plug = await registry.change(id, { picture }, by)
      await pictures.drop(before)
      return plug
    },
    async removePicture(id, by) {
      const { picture } = registry.find(id).outlet
      const plug = await registry.change(id, { picture: null }, by)
      await pictures.drop(picture)
      return plug
    },
    pictureFile(id) {
      const { picture } = registry.find(id).outlet
      if (!picture) throw new LaresError('not-found', 'This plug has no picture.')
      return pathInData(picture)
    },
  }
}

async function detailOf({ registry, database }: OwnersWordsDeps, id: string) {
  const { watch, outlet } = registry.find(id)
  const { device, info } = watch
  return {
    ...watch.view(outlet),
    notes: outlet.notes,
    firmware: device.firmware || null,
    hardware: device.hardware || null,
    encryption: device.link?.scheme.encryption ?? null,
    usesAccount: device.link?.signedInAs?.startsWith('account:') ?? false,
    rssiDbm: info?.rssiDbm ?? null,
    ledOn: info?.ledOn ?? null,
    addresses: await listAddresses(database.reader, device.mac),
  }
}
