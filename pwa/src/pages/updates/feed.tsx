import * as client from '../../client-updates.ts'
import { Button } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Section } from '../../parts/page.tsx'
import { ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { useResource } from '../../state/resource.ts'
import { settings } from '../../state/settings.ts'
import { updates } from '../../state/updates.ts'
import { up } from '../../text/updates.ts'
import type { Updates } from '../../wire-updates.ts'
import { SettingRows } from '../settings/setting-rows.tsx'
import '../people/people.css'
import { whenOf } from './when.ts'

/** In the order in which one decides. */
const SETTINGS = ['updates.feed', 'updates.atNight']

/** The list that is asked for new versions: its address, and what it offers. */
export function Feed({ known }: { known: Updates }) {
  return (
    <Section title={up.feed}>
      {known.feed.address === '' ? <p class="quiet">{up.feedOff}</p> : <Offered known={known} />}
      <FeedSettings />
    </Section>
  )
}

function Offered({ known: { feed, phase } }: { known: Updates }) {
  const task = useTask()
  const act = (work: () => Promise<Updates>) =>
    void task.run(async () => {
      const now = await work()
      updates.patch(() => now)
    })
  const isFree = ['idle', 'done', 'rolled-back'].includes(phase)
  return (
    <>
      {feed.offered ? (
        <Note tone="info" title={up.offered(feed.offered.version)}>
          {feed.offered.notes && <p class="update-notes">{feed.offered.notes}</p>}
          {isFree && (
            <Button look="main" busy={task.busy.value} onPress={() => act(client.fetchOffered)}>
              {up.fetch}
            </Button>
          )}
        </Note>
      ) : (
        <p class="quiet">{feed.problem === null ? up.feedNone : up.feedProblem(feed.problem)}</p>
      )}
      <p class="quiet">
        {feed.checkedAt !== null && `${up.feedChecked(whenOf(feed.checkedAt))} `}
        {feed.atNight && up.feedNight}
      </p>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Button busy={task.busy.value} onPress={() => act(client.checkFeed)}>
        {up.ask}
      </Button>
    </>
  )
}

function FeedSettings() {
  useResource(settings)
  return (
    <Loaded of={settings} skeleton={<Skeleton shape="row" count={2} />}>
      {(list) => (
        <SettingRows
          of={SETTINGS.flatMap((key) => list.filter((setting) => setting.key === key))}
          onChanged={() => void updates.load()}
        />
      )}
    </Loaded>
  )
}
