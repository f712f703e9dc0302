import { Section } from '../../parts/page.tsx'
import { cameras } from '../../state/cameras.ts'
import { useResource } from '../../state/resource.ts'
import { hw } from '../../text/hardware.ts'
import type { Hardware } from '../../wire-hardware.ts'

/** Which cameras get how much of the detector, and why one gets less. Cameras that this person may not see are left out. */
export function Looking({ looking }: { looking: Hardware['looking'] }) {
  useResource(cameras)
  const known = cameras.data.value ?? []
  const rows = looking.cameras.flatMap((each) => {
    const camera = known.find(({ id }) => id === each.cameraId)
    return camera ? [{ ...each, name: camera.name }] : []
  })
  if (rows.length === 0) return null
  return (
    <Section title={hw.looking}>
      <dl class="facts">
        {rows.map((each) => (
          <div key={each.cameraId}>
            <dt>
              {each.name}
              <span class="quiet">{each.words}</span>
            </dt>
            <dd>{hw.perSecond(each.lookedAtPerSecond.toFixed(1), each.picturesPerSecond.toFixed(0))}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
