import { Icon } from '../../parts/icon.tsx'
import { t } from '../../text/index.ts'
import type { Say } from './say.ts'

const words = t.incidents.detail

/** Keeps it among the last to go. */
export function Star({ starred, say }: { starred: boolean; say: Say }) {
  return (
    <button
      type="button"
      class="icon-button star"
      aria-pressed={starred}
      aria-label={t.incidents.star}
      title={starred ? t.incidents.unstar : t.incidents.star}
      onClick={() => void say({ starred: !starred }, starred ? words.unstarred : words.starred)}
    >
      <Icon name="star" />
    </button>
  )
}
