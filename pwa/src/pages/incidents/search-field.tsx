import { useSignal } from '@preact/signals'
import { useEffect, useId, useRef } from 'preact/hooks'
import { IconButton } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { t } from '../../text/index.ts'
import { change, filter } from './list.ts'

const words = t.incidents
/** So long after the last letter the box is asked. */
const ASK_AFTER_MS = 300
const LONGEST = 200

/** Finds by words, while one types. */
export function SearchField() {
  const id = useId()
  const typed = useSignal(filter.value.q ?? '')
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  // Filters may be cleared elsewhere.
  useEffect(() => {
    if (filter.value.q === undefined && waiting.current === undefined) typed.value = ''
  }, [filter.value.q])
  useEffect(() => () => clearTimeout(waiting.current), [])
  const look = (text: string, afterMs: number): void => {
    typed.value = text
    clearTimeout(waiting.current)
    waiting.current = setTimeout(() => {
      waiting.current = undefined
      const q = text.trim()
      if (q !== (filter.value.q ?? '')) change({ q: q === '' ? undefined : q })
    }, afterMs)
  }
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        look(typed.value, 0)
      }}
    >
      <div class="field-box">
        <Icon name="search" />
        <input
          id={id}
          type="search"
          value={typed.value}
          maxLength={LONGEST}
          aria-label={words.search}
          placeholder={words.searchHint}
          enterkeyhint="search"
          autocomplete="off"
          onInput={(event) => look(event.currentTarget.value, ASK_AFTER_MS)}
        />
        {typed.value !== '' && <IconButton icon="close" label={words.clearSearch} onPress={() => look('', 0)} />}
      </div>
    </form>
  )
}
