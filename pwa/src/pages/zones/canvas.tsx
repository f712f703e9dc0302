import { useRef } from 'preact/hooks'
import { Still } from '../../parts/still.tsx'
import { zonesWords } from '../../text/zones.ts'
import type { Camera } from '../../wire.ts'
import type { ClassLimit, Footprints, Point } from '../../wire-zones.ts'
import { changed, mayGainPoint, mayLosePoint, placed, shifted, withPointAfter, type Area } from './draft.ts'
import type { Editing } from './editing.ts'

const words = zonesWords
const STEP = 0.01
const LARGE_STEP = 0.05

export interface CanvasProps {
  camera: Camera
  editing: Editing
  /** null: not to be shown. */
  feet: Footprints['feet'] | null
  /** Whose sample boxes are shown. */
  limit: ClassLimit | null
}

/** The live picture with everything that is drawn on it. Shapes and points by mouse, finger and keyboard. */
export function Canvas({ camera, editing, feet, limit }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null)
  const { draft, chosen } = editing
  const area = draft.areas.find(({ key }) => key === chosen.value) ?? null
  const ratio = camera.picture ? `${String(camera.picture.width)} / ${String(camera.picture.height)}` : '16 / 9'
  return (
    <div
      ref={box}
      class="zone-canvas"
      style={{ aspectRatio: ratio }}
      role="group"
      aria-label={words.picture(camera.name)}
    >
      <Still camera={camera} caption={false} />
      <svg class="zone-shapes" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {feet?.map(({ at }, n) => (
          <line key={n} class="zone-foot" x1={at.x} y1={at.y} x2={at.x} y2={at.y} />
        ))}
        {draft.areas.map((each) => (
          <Shape key={each.key} area={each} box={box} editing={editing} />
        ))}
      </svg>
      {limit && <Samples limit={limit} />}
      {draft.areas.map((each) => each.role === 'line' && <Arrow key={each.key} points={each.points} />)}
      {area && <Points area={area} box={box} editing={editing} />}
    </div>
  )
}

type Held = { readonly current: HTMLElement | null }

/** Where in the picture a pointer is, in fractions. */
function placeOf(box: Held, event: { clientX: number; clientY: number }): Point {
  const { left, top, width, height } = box.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1)
  return { x: (event.clientX - left) / width, y: (event.clientY - top) / height }
}

/** Follows one pointer from its press to its release; the first movement is a step of its own for undo. */
function drag(event: PointerEvent, box: Held, onMove: (to: Point, from: Point, goesOn: boolean) => void): void {
  const target = event.currentTarget as Element
  const from = placeOf(box, event)
  let moves = 0
  const move = (moved: Event): void => onMove(placeOf(box, moved as PointerEvent), from, moves++ > 0)
  const end = (): void => {
    target.removeEventListener('pointermove', move)
    target.removeEventListener('pointerup', end)
    target.removeEventListener('pointercancel', end)
  }
  target.setPointerCapture(event.pointerId)
  target.addEventListener('pointermove', move)
  target.addEventListener('pointerup', end)
  target.addEventListener('pointercancel', end)
}

function Shape({ area, box, editing }: { area: Area; box: Held; editing: Editing }) {
  const { key, role, points, colour } = area
  const isChosen = editing.chosen.value === key
  const onPointerDown = (event: PointerEvent): void => {
    // The first touch chooses, so that a page can be scrolled over a picture full of zones.
    if (!isChosen) return void (editing.chosen.value = key)
    event.preventDefault()
    drag(event, box, (to, from, goesOn) =>
      editing.change(changed(editing.draft, key, { points: shifted(points, to.x - from.x, to.y - from.y) }), goesOn),
    )
  }
  const common = {
    ...{ class: `zone-shape is-${role}${isChosen ? ' is-chosen' : ''}`, onPointerDown },
    style: { '--zone': colour },
  }
  const [from, to] = points
  if (role === 'line' && from && to) return <line {...common} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
  return <polygon {...common} points={points.map(({ x, y }) => `${String(x)},${String(y)}`).join(' ')} />
}

const percent = (part: number): string => `${String(part * 100)}%`

/** In is on the right of whoever looks from the first point to the second. */
function Arrow({ points: [from, to] }: { points: readonly Point[] }) {
  if (!from || !to) return null
  const middle = { left: percent((from.x + to.x) / 2), top: percent((from.y + to.y) / 2) }
  const angle = Math.atan2(to.y - from.y, to.x - from.x) + Math.PI / 2
  return (
    <span class="zone-arrow" style={middle} aria-hidden="true">
      <svg viewBox="0 0 24 24" style={{ transform: `rotate(${String(angle)}rad)` }}>
        <path d="M2 12h18M13 5l7 7-7 7" />
      </svg>
      {words.in}
    </span>
  )
}

/** As high as the smallest and the largest that count. */
function Samples({ limit: { minHeight, maxHeight } }: { limit: ClassLimit }) {
  const heights = [minHeight, maxHeight].filter((height) => height !== null)
  return (
    <>
      {heights.map((height, n) => (
        <span
          key={n}
          class="zone-sample"
          style={{
            height: percent(height),
            top: percent(Math.max(0, 0.95 - height)),
            left: percent(0.5 - height * 0.12),
            width: percent(height * 0.24),
          }}
          aria-hidden="true"
        >
          {`${String(Math.round(height * 100))} %`}
        </span>
      ))}
    </>
  )
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ...{ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] },
}

function Points({ area, box, editing }: { area: Area; box: Held; editing: Editing }) {
  const set = (points: Point[], goesOn = false): void =>
    editing.change(changed(editing.draft, area.key, { points }), goesOn)
  const onKeyDown = (event: KeyboardEvent, n: number): void => {
    const point = area.points[n] as Point
    const by = ARROWS[event.key]
    const step = event.shiftKey ? LARGE_STEP : STEP
    if (by) set(placed(area, n, { x: point.x + by[0] * step, y: point.y + by[1] * step }), event.repeat)
    else if ((event.key === 'Delete' || event.key === 'Backspace') && mayLosePoint(area))
      set(area.points.toSpliced(n, 1))
    else if (event.key === 'Enter' && mayGainPoint(area)) set(withPointAfter(area, n))
    else return
    event.preventDefault()
  }
  return (
    <>
      {mayGainPoint(area) && <Between area={area} set={set} />}
      {area.points.map((point, n) => (
        <button
          key={n}
          type="button"
          class="zone-point"
          style={{ left: percent(point.x), top: percent(point.y) }}
          aria-label={words.pointName(n + 1, area.name, Math.round(point.x * 100), Math.round(point.y * 100))}
          aria-describedby="zone-point-help"
          onKeyDown={(event) => onKeyDown(event, n)}
          onPointerDown={(event) => drag(event, box, (to, _, goesOn) => set(placed(area, n, to), goesOn))}
        />
      ))}
    </>
  )
}

/** Small plus signs in the middle of the edges. */
function Between({ area, set }: { area: Area; set: (points: Point[]) => void }) {
  return (
    <>
      {area.points.map((point, n) => {
        const next = area.points[(n + 1) % area.points.length] as Point
        const middle = { left: percent((point.x + next.x) / 2), top: percent((point.y + next.y) / 2) }
        return (
          <button
            key={n}
            type="button"
            class="zone-between"
            style={middle}
            tabIndex={-1}
            aria-label={words.addPoint(n + 1, area.name)}
            onClick={() => set(withPointAfter(area, n))}
          />
        )
      })}
    </>
  )
}
