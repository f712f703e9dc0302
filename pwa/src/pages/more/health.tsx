import { dayAndTime } from '../../format.ts'
import { Section } from '../../parts/page.tsx'
import { Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { health } from '../../state/notices.ts'
import { useResource } from '../../state/resource.ts'
import { t } from '../../text/index.ts'
import { NoticeCard } from '../../parts/notice-card.tsx'

const words = t.more.health

export default function Health() {
  useResource(health)
  return (
    <Loaded of={health} skeleton={<Skeleton shape="row" count={5} />}>
      {({ status, notices, parts, startedAt, version }) => (
        <>
          <Note tone={status === 'ok' ? 'good' : 'warning'} title={status === 'ok' ? words.ok : words.attention} />
          {notices.length > 0 && (
            <Section title={words.notices}>
              <ul class="notices">
                {notices.map((notice) => (
                  <li key={notice.id}>
                    <NoticeCard notice={notice} />
                  </li>
                ))}
              </ul>
            </Section>
          )}
          <Section title={words.parts}>
            <dl class="facts">
              {parts.map(({ name, state, detail }) => (
                <div key={name}>
                  <dt>
                    {words.partNames[name] ?? name}
                    {detail && <span class="quiet">{detail}</span>}
                  </dt>
                  <dd>{words.partStates[state] ?? state}</dd>
                </div>
              ))}
              <div>
                <dt>{words.runningSince}</dt>
                <dd>{dayAndTime(startedAt, Date.now(), timeZone.value)}</dd>
              </div>
              <div>
                <dt>{t.more.about.version}</dt>
                <dd>{version}</dd>
              </div>
            </dl>
          </Section>
        </>
      )}
    </Loaded>
  )
}
