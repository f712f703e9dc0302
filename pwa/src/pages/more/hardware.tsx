import { useEffect } from 'preact/hooks'
import * as client from '../../client.ts'
import { Section } from '../../parts/page.tsx'
import { Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { createResource, useResource } from '../../state/resource.ts'
import { listen } from '../../stream.ts'
import { t } from '../../text/index.ts'
import type { DetectorStatus, Hardware as HardwareData } from '../../wire.ts'
import { Looking } from './looking.tsx'

const words = t.more.hardware
const hardware = createResource(client.readHardware)

export default function Hardware() {
  useResource(hardware)
  useEffect(() => listen('detector.changed', (detector) => hardware.patch((known) => ({ ...known, detector }))), [])
  return (
    <Loaded of={hardware} skeleton={<Skeleton shape="row" count={6} />}>
      {(known) => (
        <>
          <Detector detector={known.detector} />
          <Looking looking={known.looking} />
          <Box hardware={known} />
          <Accelerators list={known.accelerators} />
          <Models list={known.models} />
        </>
      )}
    </Loaded>
  )
}

function Detector({ detector }: { detector: DetectorStatus }) {
  const { state, model, provider, inferenceMsP50, candidates, problem } = detector
  return (
    <Section title={words.detector}>
      {problem && <Note tone={state === 'failed' ? 'problem' : 'warning'} title={problem} />}
      <div class={`detector is-${state}`}>
        <p class="detector-state">{words.detectorStates[state]}</p>
        {model && (
          <p>
            {model.name}
            {provider && ` ${words.on(provider.toUpperCase())}`}
          </p>
        )}
        {inferenceMsP50 !== null && <p class="quiet">{words.speed(inferenceMsP50.toFixed(0))}</p>}
      </div>
      {candidates.length > 0 && (
        <details class="fold">
          <summary>{words.tried}</summary>
          <dl class="facts">
            {candidates.map((each) => (
              <div key={each.id}>
                <dt>
                  {each.title}
                  <span class="quiet">{each.reason}</span>
                </dt>
                <dd>
                  {words.candidateStates[each.state]}
                  {each.inferenceMs !== null && ` · ${each.inferenceMs.toFixed(0)} ms`}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </Section>
  )
}

function Box({ hardware: { board, cpu, memoryMb } }: { hardware: HardwareData }) {
  return (
    <Section title={words.box}>
      <dl class="facts">
        <div>
          <dt>{board}</dt>
          <dd>{words.processor(cpu.model, cpu.cores)}</dd>
        </div>
        <div>
          <dt>{words.memory}</dt>
          <dd>{words.gigabytes((memoryMb / 1_024).toFixed(1))}</dd>
        </div>
      </dl>
    </Section>
  )
}

function Accelerators({ list }: { list: HardwareData['accelerators'] }) {
  return (
    <Section title={words.accelerators}>
      {list.length === 0 ? (
        <p class="quiet">{words.noAccelerators}</p>
      ) : (
        <dl class="facts">
          {list.map(({ kind, name, present, ready, hint }) => (
            <div key={kind + name}>
              <dt>
                {name}
                {hint && <span class="quiet">{hint}</span>}
              </dt>
              <dd>{ready ? words.ready : present ? words.present : words.absent}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  )
}

function Models({ list }: { list: HardwareData['models'] }) {
  return (
    <Section title={words.models}>
      <dl class="facts">
        {list.map(({ name, title, licence, active, installed }) => (
          <div key={name}>
            <dt>
              {title}
              <span class="quiet">{words.licence(licence)}</span>
            </dt>
            <dd>{active ? words.active : installed ? words.installed : words.notInstalled}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
