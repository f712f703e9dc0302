import { useSignal } from '@preact/signals'
import { addRoom, orderRooms, removeRoom, renameRoom } from '../../client-plugs.ts'
import { asClientError } from '../../client-error.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Section } from '../../parts/page.tsx'
import { keepPlugHome } from '../../state/plug-home.ts'
import { plugs } from '../../state/plugs.ts'
import { showFailure } from '../../state/toasts.ts'
import { plugWords } from '../../text/plugs.ts'
import type { Room } from '../../wire-plugs.ts'
import { NamedSheet } from './named-sheet.tsx'

const words = plugWords.arrange.rooms

/** `ids` with the one at `index` moved by one place. Pure. */
export function moved(ids: readonly string[], index: number, by: 1 | -1): string[] {
  const to = index + by
  const next = [...ids]
  const [id] = next.splice(index, 1)
  if (id !== undefined) next.splice(to, 0, id)
  return next
}

export function Rooms({ rooms }: { rooms: readonly Room[] }) {
  /** undefined: no sheet; null: a new one. */
  const editing = useSignal<Room | null | undefined>(undefined)
  const ids = rooms.map(({ id }) => id)
  const move = async (index: number, by: 1 | -1) => {
    try {
      keepPlugHome(await orderRooms(moved(ids, index, by)))
    } catch (failure) {
      showFailure(asClientError(failure))
    }
  }
  const inRoom = (id: string): number => (plugs.data.value ?? []).filter(({ roomId }) => roomId === id).length
  return (
    <Section title={words.title}>
      {rooms.length === 0 ? (
        <p class="quiet">{words.none}</p>
      ) : (
        <ul class="rows arrange-rows">
          {rooms.map((room, index) => (
            <li key={room.id}>
              <span class="row-words">
                <span>{room.name}</span>
                <span class="quiet">{words.count(inRoom(room.id))}</span>
              </span>
              {index > 0 && <IconButton icon="up" label={words.up(room.name)} onPress={() => void move(index, -1)} />}
              {index < rooms.length - 1 && (
                <IconButton icon="down" label={words.down(room.name)} onPress={() => void move(index, 1)} />
              )}
              <IconButton icon="edit" label={words.edit(room.name)} onPress={() => (editing.value = room)} />
            </li>
          ))}
        </ul>
      )}
      <div class="row-buttons">
        <Button icon="plus" onPress={() => (editing.value = null)}>
          {words.add}
        </Button>
      </div>
      {editing.value !== undefined && <EditRoom room={editing.value} onClose={() => (editing.value = undefined)} />}
    </Section>
  )
}

function EditRoom({ room, onClose }: { room: Room | null; onClose: () => void }) {
  const name = useSignal(room?.name ?? '')
  return (
    <NamedSheet
      title={room ? words.edit(room.name) : words.add}
      label={words.name}
      name={name}
      save={(text) => (room ? renameRoom(room.id, text) : addRoom(text))}
      {...(room && { remove: { text: words.removeText, run: () => removeRoom(room.id) } })}
      onClose={onClose}
    />
  )
}
