import { Section } from '../../parts/page.tsx'
import { hw } from '../../text/hardware.ts'
import type { Accelerator, DecodeBlock } from '../../wire-hardware.ts'

/** Each with its state, and with the way to put right what is missing. */
export function Accelerators({ list }: { list: readonly Accelerator[] }) {
  const words = hw.accelerators
  return (
    <Section title={words.title}>
      {list.length === 0 ? (
        <p class="quiet">{words.none}</p>
      ) : (
        <dl class="facts">
          {list.map(({ kind, name, state, hint, fix }) => (
            <div key={kind + name}>
              <dt>
                {name}
                {fix ? <span class="fix">{fix}</span> : hint && <span class="quiet">{hint}</span>}
              </dt>
              <dd class={`state is-${state}`}>{words.states[state]}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  )
}

const CODECS: Readonly<Record<DecodeBlock['codecs'][number], string>> = { h264: 'H.264', hevc: 'H.265' }

export function Decoders({ list }: { list: readonly DecodeBlock[] }) {
  const words = hw.decoders
  if (list.length === 0) return null
  return (
    <Section title={words.title}>
      <dl class="facts">
        {list.map(({ kind, name, node, codecs, ready, fix }) => (
          <div key={kind + node}>
            <dt>
              {name}
              {fix ? (
                <span class="fix">{fix}</span>
              ) : (
                <span class="quiet">{words.codecs(codecs.map((each) => CODECS[each]).join(', '))}</span>
              )}
            </dt>
            <dd class={`state is-${ready ? 'ready' : 'present'}`}>{ready ? words.ready : words.notReady}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
