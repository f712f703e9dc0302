import { useSignal } from '@preact/signals'
import { asClientError } from '../../client-error.ts'
import { watts } from '../../format.ts'
import { Age } from '../../parts/age.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Toggle } from '../../parts/toggle.tsx'
import { wishPlug } from '../../state/plugs.ts'
import type { ShownPlug } from '../../state/plugs.ts'
import { may } from '../../state/session.ts'
import { showToast } from '../../state/toasts.ts'
import { t } from '../../text/index.ts'
import { PlugSheet } from './plug-sheet.tsx'

/** A plug: its name opens what else there is; the switch is big, and follows the finger at once. */
export function PlugCard({ plug }: { plug: ShownPlug }) {
  const open = useSignal(false)
  const toggle = async (on: boolean) => {
    try {
      await wishPlug(plug, on)
    } catch (failure) {
      const error = asClientError(failure)
      const retry = { label: t.shell.retry, run: () => void toggle(on) }
      showToast({ tone: 'problem', text: `${t.plugs.failed(plug.name)} ${error.message}`, action: retry })
    }
  }
  const disabledReason = may('devices.control') ? undefined : t.errors.byKind['forbidden']?.remedy
  return (
    <article class={`plug${plug.reachable ? '' : ' is-unreachable'}${plug.on ? ' is-on' : ''}`}>
      <button type="button" class="plug-name" aria-label={t.plugs.more(plug.name)} onClick={() => (open.value = true)}>
        <span class="plug-icon">
          <Icon name="plugs" />
        </span>
        <span class="plug-words">
          <span class="plug-title">{plug.name}</span>
          <span class="plug-state">
            <PlugState plug={plug} />
          </span>
        </span>
      </button>
      <Toggle
        label={plug.name}
        on={plug.on}
        pending={plug.pending}
        disabledReason={disabledReason}
        onToggle={(on) => void toggle(on)}
      />
      {open.value && <PlugSheet plug={plug} onClose={() => (open.value = false)} />}
    </article>
  )
}

/** Watts while it answers; the last known state and its age while it does not. */
function PlugState({ plug }: { plug: ShownPlug }) {
  const state = plug.on === null ? t.plugs.unknown : plug.on ? t.plugs.on : t.plugs.off
  if (plug.pending) return <>{t.plugs.switching}</>
  if (!plug.reachable) {
    return plug.seenAt === null ? (
      <>{t.plugs.neverSeen}</>
    ) : (
      <>
        {state} · <Age at={plug.seenAt} say={t.plugs.lastKnown} />
      </>
    )
  }
  if (!plug.reading) return <>{state}</>
  return (
    <>
      {state} · <span class="plug-watts">{`${watts(plug.reading.powerMw / 1_000)} ${t.plugs.watts}`}</span>
    </>
  )
}
