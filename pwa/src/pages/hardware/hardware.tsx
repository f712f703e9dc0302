import { useEffect } from 'preact/hooks'
import { Section } from '../../parts/page.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { hardware, models } from '../../state/hardware.ts'
import { useResource } from '../../state/resource.ts'
import { listen } from '../../stream.ts'
import { hw } from '../../text/hardware.ts'
import type { Hardware as HardwareData } from '../../wire-hardware.ts'
import { Accelerators, Decoders } from './accelerators.tsx'
import { Detector } from './detector.tsx'
import './hardware.css'
import { Looking } from './looking.tsx'
import { ModelList } from './models.tsx'
import { Readings } from './readings.tsx'

export default function Hardware() {
  useResource(hardware)
  useEffect(() => listen('detector.changed', (detector) => hardware.patch((known) => ({ ...known, detector }))), [])
  useEffect(() => listen('models.changed', (known) => models.patch(() => known)), [])
  return (
    <Loaded of={hardware} skeleton={<Skeleton shape="row" count={6} />}>
      {(known) => (
        <>
          <Detector detector={known.detector} />
          <Looking looking={known.looking} />
          <Accelerators list={known.accelerators} />
          <Readings />
          <ModelList />
          <Decoders list={known.decoders} />
          <Box hardware={known} />
        </>
      )}
    </Loaded>
  )
}

function Box({ hardware: { board, cpu, memoryMb } }: { hardware: HardwareData }) {
  return (
    <Section title={hw.box}>
      <dl class="facts">
        <div>
          <dt>{board}</dt>
          <dd>{hw.processor(cpu.model, cpu.cores)}</dd>
        </div>
        <div>
          <dt>{hw.memory}</dt>
          <dd>{hw.gigabytes((memoryMb / 1_024).toFixed(1))}</dd>
        </div>
        {cpu.features.length > 0 && (
          <div>
            <dt>{hw.features}</dt>
            <dd>{cpu.features.join(', ')}</dd>
          </div>
        )}
      </dl>
    </Section>
  )
}
