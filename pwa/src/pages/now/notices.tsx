import { NoticeCard } from '../../parts/notice-card.tsx'
import { Section } from '../../parts/page.tsx'
import { health } from '../../state/notices.ts'
import { t } from '../../text/index.ts'

/** What needs the owner; nothing at all when nothing does. */
export function Notices() {
  const notices = health.data.value?.notices ?? []
  if (notices.length === 0) return null
  return (
    <Section title={t.now.notices}>
      <ul class="notices">
        {notices.map((notice) => (
          <li key={notice.id}>
            <NoticeCard notice={notice} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
