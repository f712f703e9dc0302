import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Section } from '../../parts/page.tsx'
import { TextArea } from '../../parts/text-area.tsx'
import { t } from '../../text/index.ts'
import type { Say } from './say.ts'

const words = t.incidents.detail
const LONGEST = 2_000

/** What a household wants to remember of it. Whoever only looks reads. */
export function Notes({ notes, say, readOnly }: { notes: string; say: Say; readOnly: boolean }) {
  const draft = useSignal(notes)
  const busy = useSignal(false)
  // Somebody else's words come in, unless one is just writing.
  useEffect(() => {
    draft.value = notes
  }, [notes])
  if (readOnly)
    return notes === '' ? null : (
      <Section title={words.notes}>
        <p class="notes">{notes}</p>
      </Section>
    )
  const isChanged = draft.value.trim() !== notes
  return (
    <Section title={words.notes}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          busy.value = true
          void say({ notes: draft.value.trim() }, words.notesKept).finally(() => (busy.value = false))
        }}
      >
        <TextArea
          label={words.notes}
          hint={words.notesHint}
          value={draft.value}
          maxLength={LONGEST}
          bare
          prose
          onInput={(value) => (draft.value = value)}
        />
        {isChanged && (
          <Button type="submit" busy={busy.value}>
            {words.saveNotes}
          </Button>
        )}
      </form>
    </Section>
  )
}
