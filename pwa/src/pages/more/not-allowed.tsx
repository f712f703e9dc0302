import { ButtonLink } from '../../parts/button.tsx'
import { Empty } from '../../parts/states.tsx'
import { t } from '../../text/index.ts'

/** Kind words for who follows a link to a page that is not theirs. */
export function NotAllowed() {
  const words = t.more.notAllowed
  return (
    <Empty icon="shield" title={words.title} text={words.text}>
      <ButtonLink href="/more">{words.action}</ButtonLink>
    </Empty>
  )
}
