import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import * as client from '../../client-review.ts'
import { dayAndTime } from '../../format.ts'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { createResource } from '../../state/resource.ts'
import { t } from '../../text/index.ts'
import type { ReviewHistory } from '../../wire.ts'

const words = t.incidents.detail

/** Who said what and when, folded away until somebody asks. */
export function Reviews({ id, count }: { id: string; count: number }) {
  const open = useSignal(false)
  const history = useMemo(() => createResource(() => client.readReviews(id), { kept: false }), [id])
  useEffect(() => {
    if (open.value) void history.load()
  }, [open.value, count])
  if (count === 0) return null
  return (
    <details class="fold" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>{words.history}</summary>
      {open.value && (
        <Loaded of={history} skeleton={<Skeleton shape="line" count={2} />}>
          {({ entries }) => (
            <ul class="said">
              {entries.map((entry) => (
                <li key={entry.at}>{lineOf(entry)}</li>
              ))}
            </ul>
          )}
        </Loaded>
      )}
    </details>
  )
}

/** "Ada marked it: Threat, 14:02 (taken back since)" */
function lineOf(entry: ReviewHistory['entries'][number]): string {
  const { said } = words
  const what = [
    entry.feedback === undefined
      ? null
      : entry.feedback === null
        ? said.unmarked
        : said.marked(words.feedback[entry.feedback]),
    entry.starred === undefined ? null : entry.starred ? said.starred : said.unstarred,
    entry.notes === undefined ? null : said.noted,
  ].filter((each) => each !== null)
  const when = dayAndTime(entry.at, Date.now(), timeZone.value)
  const line = `${entry.by ?? words.somebody} ${what.join(t.incidents.and)}, ${when}`
  return entry.undoneAt === null ? line : `${line} (${said.undone})`
}
