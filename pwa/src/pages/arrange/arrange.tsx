import { Page } from '../../parts/page.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { plugHome } from '../../state/plug-home.ts'
import { plugs } from '../../state/plugs.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import { plugWords } from '../../text/plugs.ts'
import { NotAllowed } from '../more/not-allowed.tsx'
import { Groups } from './groups.tsx'
import { Rooms } from './rooms.tsx'
import { Scenes } from './scenes.tsx'
import './arrange.css'

const BACK = { href: '/plugs', label: t.plugs.title }

/** Rooms, groups and scenes: how a household calls its plugs. */
export default function Arrange() {
  useResource(plugs)
  useResource(plugHome)
  return (
    <Page title={plugWords.arrange.title} back={BACK} class="is-reading">
      {may('devices.edit') ? (
        <Loaded of={plugHome} skeleton={<Skeleton shape="row" count={4} />}>
          {(home) => (
            <>
              <Rooms rooms={home.rooms} />
              <Groups groups={home.groups} />
              <Scenes scenes={home.scenes} />
            </>
          )}
        </Loaded>
      ) : (
        <NotAllowed />
      )}
    </Page>
  )
}
