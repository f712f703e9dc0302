import { useEffect } from 'preact/hooks'
import { Section } from '../../parts/page.tsx'
import { Loaded, Note, Skeleton } from '../../parts/states.tsx'
import { readings } from '../../state/hardware.ts'
import { useResource } from '../../state/resource.ts'
import { hw } from '../../text/hardware.ts'
import type { MachineReading } from '../../wire-hardware.ts'
import { HEIGHT, heightOf, pathOf, seriesOf, spanOf, WIDTH, type Series } from './series.ts'

const words = hw.readings
/** The box reads once a minute. */
const AGAIN_MS = 60_000

export function Readings() {
  useResource(readings)
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void readings.load()
    }, AGAIN_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <Section title={words.title}>
      <Loaded of={readings} skeleton={<Skeleton shape="row" count={2} />}>
        {({ readings: list }) => {
          const series = seriesOf(list)
          const last = list.at(-1)
          return (
            <>
              {last && <Throttling of={last.throttling} />}
              {series.length > 0 ? (
                <div class="sensors">
                  {series.map((each) => (
                    <Sensor key={each.id} series={each} />
                  ))}
                </div>
              ) : (
                <p class="quiet">{list.length < 2 ? words.first : words.none}</p>
              )}
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}

function Throttling({ of }: { of: MachineReading['throttling'] }) {
  if (!of) return null
  if (of.underVoltage) return <Note tone="warning" title={words.underVoltage} />
  if (of.isSlowed) return <Note tone="warning" title={words.slowed} />
  return of.hadUnderVoltage ? <p class="quiet">{words.hadUnderVoltage}</p> : null
}

function Sensor({ series }: { series: Series }) {
  const { kind, name, last, limit } = series
  const isTemperature = kind === 'temperature'
  const say = (value: number): string => (isTemperature ? words.celsius : words.percent)(value.toFixed(0))
  const [least, most] = spanOf(series)
  const label = (isTemperature ? words.temperature : words.load)(name)
  const isHot = limit !== null && last >= limit
  return (
    <figure class={`sensor${isHot ? ' is-hot' : ''}`}>
      <figcaption>
        <span>{label}</span>
        <strong>{say(last)}</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${words.span(say(least), say(most))}`}
      >
        {limit !== null && <path class="limit" d={`M0 ${heightOf(series, limit).toFixed(1)}H${String(WIDTH)}`} />}
        <path class="line" d={pathOf(series)} />
      </svg>
      <p class="quiet">{isHot && limit !== null ? words.hot(limit.toFixed(0)) : words.span(say(least), say(most))}</p>
    </figure>
  )
}
