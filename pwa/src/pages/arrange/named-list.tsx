import { Button, IconButton } from '../../parts/button.tsx'
import { Section } from '../../parts/page.tsx'
import { plugs } from '../../state/plugs.ts'

export interface NamedListProps<Item> {
  words: { title: string; none: string; add: string; edit: (name: string) => string }
  items: readonly Item[]
  /** What belongs to it, in words. */
  about: (item: Item) => string
  /** null: a new one. */
  onEdit: (item: Item | null) => void
}

/** Groups or scenes, each with its name, to be changed or made; without plugs there is nothing to make them of. */
export function NamedList<Item extends { id: string; name: string }>(props: NamedListProps<Item>) {
  const { words, items, about, onEdit } = props
  return (
    <Section title={words.title}>
      {items.length === 0 ? (
        <p class="quiet">{words.none}</p>
      ) : (
        <ul class="rows arrange-rows">
          {items.map((item) => (
            <li key={item.id}>
              <span class="row-words">
                <span>{item.name}</span>
                <span class="quiet">{about(item)}</span>
              </span>
              <IconButton icon="edit" label={words.edit(item.name)} onPress={() => onEdit(item)} />
            </li>
          ))}
        </ul>
      )}
      {(plugs.data.value?.length ?? 0) > 0 && (
        <div class="row-buttons">
          <Button icon="plus" onPress={() => onEdit(null)}>
            {words.add}
          </Button>
        </div>
      )}
    </Section>
  )
}
