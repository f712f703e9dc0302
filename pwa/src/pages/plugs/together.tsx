import { useSignal } from '@preact/signals'
import { runScene, switchGroup } from '../../client-plugs.ts'
import { asClientError } from '../../client-error.ts'
import { Icon } from '../../parts/icon.tsx'
import { Toggle } from '../../parts/toggle.tsx'
import type { ShownPlug } from '../../state/plugs.ts'
import { may } from '../../state/session.ts'
import { showFailure, showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import type { PlugHome } from '../../wire.ts'
import type { PlugGroup, PlugScene, TogetherReply } from '../../wire-plugs.ts'

/** Says which plugs did not follow; says that all did, when a person cannot see it at once. */
function tell(name: string, { results }: TogetherReply): void {
  const failed = results.filter(({ ok }) => !ok).map((each) => each.name)
  if (failed.length === 0) showToast({ tone: 'done', text: t.plugs.done(name) })
  else showToast({ tone: 'problem', text: t.plugs.someFailed(failed.join(', ')) })
}

/** One tap each. */
export function Scenes({ scenes }: { scenes: PlugHome['scenes'] }) {
  if (scenes.length === 0 || !may('devices.control')) return null
  return (
    <div class="chips is-row scene-chips" role="group" aria-label={t.plugs.scenes}>
      {scenes.map((scene) => (
        <SceneChip key={scene.id} scene={scene} />
      ))}
    </div>
  )
}

function SceneChip({ scene }: { scene: PlugScene }) {
  const busy = useSignal(false)
  const run = async () => {
    if (busy.value) return
    busy.value = true
    try {
      tell(scene.name, await runScene(scene.id))
    } catch (failure) {
      showFailure(asClientError(failure))
    } finally {
      busy.value = false
    }
  }
  return (
    <button type="button" class="chip" aria-busy={busy.value || undefined} onClick={() => void run()}>
      {busy.value ? <span class="spinner" aria-hidden="true" /> : <Icon name="play" />}
      {scene.name}
    </button>
  )
}

export function Groups({ groups, plugs }: { groups: PlugHome['groups']; plugs: readonly ShownPlug[] }) {
  return (
    <ul class="plug-grid">
      {groups.map((group) => (
        <li key={group.id}>
          <Group group={group} members={plugs.filter(({ id }) => group.plugIds.includes(id))} />
        </li>
      ))}
    </ul>
  )
}

/** On while any of its plugs is: the switch then turns all of them off. */
function Group({ group, members }: { group: PlugGroup; members: readonly ShownPlug[] }) {
  const wish = useSignal<boolean | null>(null)
  const on = members.filter((plug) => plug.on === true).length
  const shown = wish.value ?? on > 0
  const toggle = async (to: boolean) => {
    wish.value = to
    try {
      const reply = await switchGroup(group.id, to)
      if (reply.results.some(({ ok }) => !ok)) tell(group.name, reply)
    } catch (failure) {
      showFailure(asClientError(failure))
    } finally {
      wish.value = null
    }
  }
  return (
    <article class="plug-group">
      <span class="row-words">
        <span>{group.name}</span>
        <span class="quiet">{wish.value === null ? t.plugs.groupState(on, members.length) : t.plugs.switching}</span>
      </span>
      <Toggle
        label={group.name}
        on={shown}
        pending={wish.value !== null}
        disabledReason={may('devices.control') ? undefined : t.errors.byKind['forbidden']?.remedy}
        onToggle={(to) => void toggle(to)}
      />
    </article>
  )
}
