// Plugs in the order of the house. Pure.
import type { Plug, PlugHome } from '../../wire.ts'

type Room = PlugHome['rooms'][number]

export interface Place<P> {
  /** null: those without a room, last. */
  room: Room | null
  plugs: P[]
}

/** Rooms in the household's order, empty ones left out; in each the plugs by name, outlets of a strip as they lie. */
export function byRoom<P extends Pick<Plug, 'name' | 'mac' | 'roomId' | 'strip'>>(
  plugs: readonly P[],
  rooms: readonly Room[],
  locale: string,
): Place<P>[] {
  const known = new Set(rooms.map(({ id }) => id))
  const sortName = (plug: P): string => plug.strip?.name ?? plug.name
  const sorted = plugs.toSorted((a, b) => {
    if (a.mac === b.mac) return (a.strip?.position ?? 0) - (b.strip?.position ?? 0)
    return sortName(a).localeCompare(sortName(b), locale) || a.mac.localeCompare(b.mac)
  })
  const places: Place<P>[] = rooms.map((room) => ({ room, plugs: sorted.filter(({ roomId }) => roomId === room.id) }))
  const rest = sorted.filter(({ roomId }) => roomId === null || !known.has(roomId))
  return [...places, { room: null, plugs: rest }].filter(({ plugs: inside }) => inside.length > 0)
}
