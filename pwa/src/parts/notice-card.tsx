import { t } from '../text/index.ts'
import type { Notice } from '../wire.ts'
import { Age } from './age.tsx'
import { Icon } from './icon.tsx'

export function NoticeCard({ notice }: { notice: Notice }) {
  const { level, title, detail, since, link } = notice
  return (
    <div class={`note is-${level}`}>
      <Icon name={level === 'info' ? 'info' : 'alert'} />
      <div class="note-words">
        <p class="note-title">{title}</p>
        <p>{detail}</p>
        <p class="quiet">
          <Age at={since} />
        </p>
        {link && (
          <a class="button is-plain" href={link}>
            {t.now.look}
          </a>
        )}
      </div>
    </div>
  )
}
