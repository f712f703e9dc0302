import { useSignal } from '@preact/signals'
import { useLocation, useRoute } from 'preact-iso'
import { useEffect, useMemo } from 'preact/hooks'
import { readPlug, removePlug } from '../../client-plugs.ts'
import { AccountSheet } from '../../parts/account-sheet.tsx'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { useTask } from '../../parts/form.ts'
import { Page } from '../../parts/page.tsx'
import { PlugToggle } from '../../parts/plug-toggle.tsx'
import { Ask } from '../../parts/sheet.tsx'
import { Empty, ErrorNote, Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { wantsAccount } from '../../parts/wants-account.ts'
import { plugHome } from '../../state/plug-home.ts'
import { forgetPlug, plugs } from '../../state/plugs.ts'
import type { ShownPlug } from '../../state/plugs.ts'
import { createResource, useResource } from '../../state/resource.ts'
import type { Resource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { listen } from '../../stream.ts'
import { t } from '../../text/index.ts'
import { plugWords } from '../../text/plugs.ts'
import type { PlugDetail } from '../../wire-plugs.ts'
import { PlugState } from '../plugs/plug-card.tsx'
import { About } from './about.tsx'
import { Brightness } from './brightness.tsx'
import { Countdown } from './countdown.tsx'
import { Diagnose } from './diagnose.tsx'
import { Facts } from './facts.tsx'
import { PlugWatch } from './plug-watch.tsx'
import { PowerCurve } from './power-curve.tsx'
import { Schedules } from './schedules.tsx'
import './plug.css'

const words = plugWords.page
const BACK = { href: '/plugs', label: t.plugs.title }

export default function Plug() {
  useResource(plugs)
  useResource(plugHome)
  const { params } = useRoute()
  const plug = plugs.data.value?.find(({ id }) => id === params.id)
  return (
    <Page title={plug?.name ?? t.plugs.title} back={BACK} class="is-plug">
      <Loaded of={plugs} skeleton={<Skeleton shape="card" count={2} />}>
        {() =>
          plug ? (
            <OnePlug key={plug.id} plug={plug} />
          ) : (
            <Empty icon="plugs" title={t.shell.notFound.title} text={words.gone}>
              <ButtonLink href="/plugs">{t.plugs.title}</ButtonLink>
            </Empty>
          )
        }
      </Loaded>
    </Page>
  )
}

function OnePlug({ plug }: { plug: ShownPlug }) {
  const { id, name, can, reachable } = plug
  const detail = useMemo(() => createResource(() => readPlug(id), { kept: false }), [id])
  useResource(detail)
  useEffect(
    () => listen('plug.changed', (changed) => changed.id === id && detail.patch((known) => ({ ...known, ...changed }))),
    [detail, id],
  )
  return (
    <>
      <Head plug={plug} />
      {!reachable && plug.problem && <Trouble plug={plug} />}
      {can.includes('dimmer') && reachable && <Brightness plug={plug} />}
      {can.includes('meter') && <PowerCurve id={id} name={name} />}
      {can.includes('countdown') && reachable && <Countdown plug={plug} />}
      {can.includes('schedule') && reachable && <Schedules id={id} />}
      <Loaded of={detail} skeleton={<Skeleton shape="row" count={3} />}>
        {(known) => <Rest plug={known} detail={detail} />}
      </Loaded>
      {may('devices.edit') && can.includes('meter') && <PlugWatch plug={plug} />}
      {may('devices.edit') && <Diagnose plug={plug} />}
      {may('devices.edit') && <Remove plug={plug} />}
    </>
  )
}

function Head({ plug }: { plug: ShownPlug }) {
  return (
    <div class={`plug-head${plug.reachable ? '' : ' is-unreachable'}${plug.on ? ' is-on' : ''}`}>
      <p class="plug-now">
        <PlugState plug={plug} />
      </p>
      <PlugToggle plug={plug} />
    </div>
  )
}

/** What keeps it from answering; where an account is asked for, it is entered right here. */
function Trouble({ plug }: { plug: ShownPlug }) {
  const entering = useSignal(false)
  const asks = wantsAccount(plug.problemCode) && may('devices.edit')
  return (
    <Note tone="problem" title={plug.problem ?? ''}>
      {asks && <Button onPress={() => (entering.value = true)}>{words.account.enter}</Button>}
      {entering.value && <AccountSheet onSaved={() => void plugs.load()} onClose={() => (entering.value = false)} />}
    </Note>
  )
}

function Rest({ plug, detail }: { plug: PlugDetail; detail: Resource<PlugDetail> }) {
  const change = (changed: Partial<PlugDetail>) => detail.patch((known) => ({ ...known, ...changed }))
  return (
    <>
      <About plug={plug} onChanged={change} />
      <Facts plug={plug} onLed={(ledOn) => change({ ledOn })} />
    </>
  )
}

function Remove({ plug }: { plug: ShownPlug }) {
  const { route } = useLocation()
  const asking = useSignal(false)
  const task = useTask()
  const ask = words.removeAsk
  const remove = async () => {
    const gone = await task.run(async () => void (await removePlug(plug.id)))
    asking.value = false
    if (!gone) return
    forgetPlug(plug.id)
    showToast({ tone: 'done', text: ask.removed(plug.name) })
    route('/plugs', true)
  }
  return (
    <>
      {task.error.value && <ErrorNote error={task.error.value} />}
      <div class="row-buttons">
        <Button look="danger" icon="trash" onPress={() => (asking.value = true)}>
          {words.remove}
        </Button>
      </div>
      {asking.value && (
        <Ask
          title={ask.title(plug.name)}
          text={ask.text}
          confirm={ask.confirm}
          busy={task.busy.value}
          onConfirm={() => void remove()}
          onClose={() => (asking.value = false)}
        />
      )}
    </>
  )
}
