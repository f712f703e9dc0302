import { useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Section } from '../../parts/page.tsx'
import { t } from '../../text/index.ts'
import type { Say } from './say.ts'

const words = t.incidents.detail
const LONGEST = 2_000

/** What a household wants to remember of it. Whoever only looks reads. */
export function Notes({ notes, say, readOnly }: { notes: string; say: Say; readOnly: boolean }) {
  const id = useId()
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
        <div class="field">
          <div class="field-box">
            <textarea
              id={id}
              rows={3}
              maxLength={LONGEST}
              value={draft.value}
              aria-label={words.notes}
              aria-describedby={`${id}-hint`}
              onInput={(event) => (draft.value = event.currentTarget.value)}
            />
          </div>
          <p class="field-hint" id={`${id}-hint`}>
            {words.notesHint}
          </p>
        </div>
        {isChanged && (
          <Button type="submit" busy={busy.value}>
            {words.saveNotes}
          </Button>
        )}
      </form>
    </Section>
  )
}
