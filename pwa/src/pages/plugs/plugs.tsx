import { watts } from '../../format.ts'
import { ButtonLink } from '../../parts/button.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx'
import { plugHome } from '../../state/plug-home.ts'
import { plugs, totalWatts } from '../../state/plugs.ts'
import type { ShownPlug } from '../../state/plugs.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import { byRoom } from './by-room.ts'
import { PlugCard } from './plug-card.tsx'
import { Groups, Scenes } from './together.tsx'
import './plugs.css'

export default function Plugs() {
  useResource(plugs)
  useResource(plugHome)
  return (
    <Page title={t.plugs.title}>
      <Loaded of={plugs} skeleton={<Skeleton shape="row" count={4} />}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon="plugs" title={t.plugs.empty.title} text={t.plugs.empty.text}>
              {may('devices.edit') && (
                <ButtonLink href="/plugs/add" look="main" icon="search">
                  {t.plugs.find}
                </ButtonLink>
              )}
            </Empty>
          ) : (
            <List list={list} />
          )
        }
      </Loaded>
    </Page>
  )
}

function List({ list }: { list: readonly ShownPlug[] }) {
  const home = plugHome.data.value ?? { rooms: [], groups: [], scenes: [] }
  const places = byRoom(list, home.rooms, t.locale)
  return (
    <>
      {totalWatts.value !== null && (
        <p class="total">
          <span class="total-watts">{watts(totalWatts.value)}</span> {t.plugs.watts} <span>{t.plugs.total}</span>
        </p>
      )}
      <Scenes scenes={home.scenes} />
      {home.groups.length > 0 && (
        <Section title={t.plugs.groups}>
          <Groups groups={home.groups} plugs={list} />
        </Section>
      )}
      {places.map(({ room, plugs: inside }) =>
        places.length === 1 && room === null && home.groups.length === 0 ? (
          <Cards key="all" plugs={inside} />
        ) : (
          <Section key={room?.id ?? 'none'} title={room?.name ?? t.plugs.noRoom}>
            <Cards plugs={inside} />
          </Section>
        ),
      )}
      {may('devices.edit') && (
        <div class="page-foot">
          <ButtonLink href="/plugs/add" icon="plus">
            {t.plugs.add}
          </ButtonLink>
          <ButtonLink href="/plugs/arrange" icon="list">
            {t.plugs.arrange}
          </ButtonLink>
          <ButtonLink href="/plugs/accounts" icon="key">
            {t.plugs.accounts}
          </ButtonLink>
        </div>
      )}
    </>
  )
}

function Cards({ plugs: list }: { plugs: readonly ShownPlug[] }) {
  return (
    <ul class="plug-grid">
      {list.map((plug) => (
        <li key={plug.id}>
          <PlugCard plug={plug} />
        </li>
      ))}
    </ul>
  )
}
