import { useSignal } from '@preact/signals'
import { watts } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { FindPlugs } from '../../parts/find-plugs.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx'
import { plugs, totalWatts } from '../../state/plugs.ts'
import { useResource } from '../../state/resource.ts'
import { may } from '../../state/session.ts'
import { t } from '../../text/index.ts'
import { AddPlug } from './add-plug.tsx'
import { PlugCard } from './plug-card.tsx'

export default function Plugs() {
  useResource(plugs)
  const adding = useSignal(false)
  const find = may('devices.edit') && (
    <div class="page-foot">
      <FindPlugs />
      <Button icon="plus" onPress={() => (adding.value = true)}>
        {t.plugs.addByAddress}
      </Button>
    </div>
  )
  return (
    <Page title={t.plugs.title}>
      <Loaded of={plugs} skeleton={<Skeleton shape="row" count={4} />}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon="plugs" title={t.plugs.empty.title} text={t.plugs.empty.text}>
              {find}
            </Empty>
          ) : (
            <>
              {totalWatts.value !== null && (
                <p class="total">
                  <span class="total-watts">{watts(totalWatts.value)}</span> {t.plugs.watts}{' '}
                  <span>{t.plugs.total}</span>
                </p>
              )}
              <ul class="plug-grid">
                {list
                  .toSorted((a, b) => a.name.localeCompare(b.name, t.locale))
                  .map((plug) => (
                    <li key={plug.id}>
                      <PlugCard plug={plug} />
                    </li>
                  ))}
              </ul>
              {find}
            </>
          )
        }
      </Loaded>
      {adding.value && <AddPlug onClose={() => (adding.value = false)} />}
    </Page>
  )
}
