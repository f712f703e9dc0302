import { useEffect, useMemo } from 'preact/hooks'
import { readPower } from '../../client-plugs.ts'
import { clockTime, watts } from '../../format.ts'
import { Section } from '../../parts/page.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { timeZone } from '../../state/home.ts'
import { createResource, useResource } from '../../state/resource.ts'
import { plugWords } from '../../text/plugs.ts'
import type { PowerCurve as Curve } from '../../wire-plugs.ts'
import { HEIGHT, WIDTH, hourMarks, hours, stretches, topWatts } from './curve.ts'

const words = plugWords.page.power
const HOURS = 24
/** A slot of the curve is five minutes long. */
const AGAIN_MS = 60_000

/** Watt-hours as a person says them. */
export const energyWords = (wattHours: number): string =>
  wattHours < 1_000 ? words.wh(watts(wattHours)) : words.kwh((wattHours / 1_000).toFixed(2))
const wattWords = (value: number | null): string => (value === null ? words.unknown : words.w(watts(value)))

/** What a plug used over the last day, drawn; as a table for whoever wants numbers, or cannot see. */
export function PowerCurve({ id, name }: { id: string; name: string }) {
  const curve = useMemo(() => createResource(() => readPower(id, HOURS), { kept: false }), [id])
  useResource(curve)
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void curve.load()
    }, AGAIN_MS)
    return () => clearInterval(timer)
  }, [curve])
  return (
    <Section title={words.title}>
      <Loaded of={curve} skeleton={<Skeleton shape="picture" />}>
        {(known) =>
          known.points.every(({ meanMw }) => meanMw === null) ? (
            <p class="quiet">{words.nothing}</p>
          ) : (
            <>
              <Drawing curve={known} name={name} />
              <Table curve={known} />
            </>
          )
        }
      </Loaded>
    </Section>
  )
}

function Drawing({ curve, name }: { curve: Curve; name: string }) {
  const zone = timeZone.value
  const top = topWatts(curve.points)
  const hourOf = (at: number): number => Number(clockTime(at, zone).slice(0, 2))
  const highest = curve.points.reduce((a, b) => ((b.maxMw ?? -1) > (a.maxMw ?? -1) ? b : a))
  const summary = words.summary(
    energyWords(curve.energyMwh / 1_000),
    wattWords((highest.maxMw ?? 0) / 1_000),
    clockTime(highest.at, zone),
  )
  return (
    <figure class="curve">
      <div class="curve-box">
        <svg
          viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${words.label(name)}. ${summary}`}
        >
          {[0, 0.5, 1].map((share) => (
            <line key={share} class="curve-grid" x1="0" x2={WIDTH} y1={share * HEIGHT} y2={share * HEIGHT} />
          ))}
          {stretches(curve, top).map(({ line, area }) => (
            <g key={line}>
              <path class="curve-area" d={area} />
              <path class="curve-line" d={line} />
            </g>
          ))}
        </svg>
        <span class="curve-top" aria-hidden="true">
          {words.w(String(top))}
        </span>
        <span class="curve-middle" aria-hidden="true">
          {words.w(String(top / 2))}
        </span>
      </div>
      <div class="curve-hours" aria-hidden="true">
        {hourMarks(curve, hourOf).map(({ at, share }) => (
          <span key={at} style={{ left: `${String(share * 100)}%` }}>
            {clockTime(at, zone)}
          </span>
        ))}
      </div>
      <figcaption>{summary}</figcaption>
    </figure>
  )
}

function Table({ curve }: { curve: Curve }) {
  const zone = timeZone.value
  return (
    <details class="fold">
      <summary>{words.table}</summary>
      {/* A wide table scrolls by itself, with the keyboard too. */}
      <div class="table-box" role="region" aria-label={words.table} tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              {[words.hour, words.mean, words.most, words.used].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hours(curve)
              .toReversed()
              .map(({ at, mean, most, wattHours }) => (
                <tr key={at}>
                  <th scope="row">{clockTime(at, zone)}</th>
                  <td>{wattWords(mean)}</td>
                  <td>{wattWords(most)}</td>
                  <td>{mean === null ? words.unknown : energyWords(wattHours)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
