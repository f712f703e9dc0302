import { HomeForm } from '../../parts/home-form.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { home } from '../../state/home.ts'
import { useResource } from '../../state/resource.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'

export default function HomeSettings() {
  useResource(home)
  return (
    <Loaded of={home} skeleton={<Skeleton shape="row" count={3} />}>
      {(known) => (
        <HomeForm
          start={known}
          submit={t.shell.save}
          onSaved={() => showToast({ tone: 'done', text: t.more.home.saved })}
        />
      )}
    </Loaded>
  )
}
