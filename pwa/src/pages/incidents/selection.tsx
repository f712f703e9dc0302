import { useSignal } from '@preact/signals'
import * as client from '../../client-review.ts'
import { asClientError } from '../../client-error.ts'
import { Icon } from '../../parts/icon.tsx'
import { showFailure, showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import type { IncidentFeedback } from '../../wire.ts'
import { CHOICES } from '../incident/feedback.tsx'
import { takeBack } from '../incident/say.ts'
import { filter, list, pages, selection } from './list.ts'

const words = t.incidents.select

/** What can be done with those that are chosen, under the thumb. */
export function SelectionBar() {
  const busy = useSignal(false)
  const chosen = selection.value ?? new Set<string>()
  const shown = list.value ?? []
  const all = chosen.size === shown.length && shown.length > 0
  const isFiltered = Object.keys(filter.value).length > 0
  const mark = async (feedback: IncidentFeedback): Promise<void> => {
    if (busy.value || chosen.size === 0) return
    busy.value = true
    // Everything that matches, not only what was scrolled to.
    const which = all && isFiltered ? { matching: filter.value } : { ids: [...chosen] }
    try {
      const { changed, threats, more, undo } = await client.reviewMany({ ...which, feedback })
      const text = [words.done(changed, threats), more ? words.more : ''].filter(Boolean).join(' ')
      showToast({ tone: 'done', text, ...(undo && { action: takeBack(undo) }) })
      selection.value = null
      await pages.readFirst()
    } catch (error) {
      showFailure(asClientError(error))
    } finally {
      busy.value = false
    }
  }
  return (
    <section class="selection-bar" aria-label={words.begin}>
      <p role="status">{all && isFiltered ? words.matching : words.chosen(chosen.size)}</p>
      <div class="selection-buttons">
        <button
          type="button"
          class="chip"
          onClick={() => (selection.value = new Set(all ? [] : shown.map(({ id }) => id)))}
        >
          {all ? words.none : words.allShown}
        </button>
        {CHOICES.map(([choice, icon]) => (
          <button
            key={choice}
            type="button"
            class={`chip is-${choice}`}
            aria-label={words.mark(t.incidents.detail.feedback[choice])}
            aria-disabled={chosen.size === 0 || busy.value ? true : undefined}
            onClick={() => void mark(choice)}
          >
            <Icon name={icon} />
            {t.incidents.detail.feedback[choice]}
          </button>
        ))}
      </div>
    </section>
  )
}
