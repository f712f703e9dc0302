import { watts } from '../../format.ts'
import { Age } from '../../parts/age.tsx'
import { Icon } from '../../parts/icon.tsx'
import { PlugToggle } from '../../parts/plug-toggle.tsx'
import type { ShownPlug } from '../../state/plugs.ts'
import { t } from '../../text/index.ts'
import { PlugPicture } from './plug-picture.tsx'

/** A plug: its name leads to what else there is; the switch is big, and follows the finger at once. */
export function PlugCard({ plug }: { plug: ShownPlug }) {
  return (
    <article class={`plug${plug.reachable ? '' : ' is-unreachable'}${plug.on ? ' is-on' : ''}`}>
      <a class="plug-name" href={`/plugs/${plug.id}`} aria-label={t.plugs.more(plug.name)}>
        {plug.picture ? (
          <PlugPicture path={plug.picture} alt="" class="plug-picture" />
        ) : (
          <span class="plug-icon">
            <Icon name="plugs" />
          </span>
        )}
        <span class="plug-words">
          <span class="plug-title">{plug.name}</span>
          <span class="plug-state">
            <PlugState plug={plug} />
          </span>
        </span>
      </a>
      <PlugToggle plug={plug} />
    </article>
  )
}

/** Watts while it answers; the last known state and its age while it does not. */
export function PlugState({ plug }: { plug: ShownPlug }) {
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
