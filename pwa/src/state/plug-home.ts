// Rooms, groups and scenes: read with the list of plugs, kept fresh by the stream.
import { readPlugHome } from '../client-plugs.ts'
import { listen } from '../stream.ts'
import type { PlugHome } from '../wire.ts'
import { createResource } from './resource.ts'

export const plugHome = createResource(readPlugHome)

/** Every change answers with all of them. */
export function keepPlugHome(home: PlugHome): void {
  plugHome.patch(() => home)
}

listen('plug-home.changed', keepPlugHome)
