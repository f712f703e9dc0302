// What is being drawn, as plain data. Pure: every change gives another draft, which is what makes undo easy.
import type { ObjectClass } from '../../wire.ts'
import type { CameraZones, CameraZonesBody, ClassLimit, Point, ZoneKind } from '../../wire-zones.ts'

export type Role = 'zone' | 'line' | 'ignored' | 'motion' | 'privacy'

/** Anything that is drawn; what belongs to other roles is left as it is. */
export interface Area {
  /** Of this page; an area that is not saved yet has no other name. */
  key: string
  id?: string
  role: Role
  name: string
  kind: ZoneKind
  colour: string
  points: Point[]
  classes: ObjectClass[]
  inertiaLooks: number
  loiterS: number
}

export interface Draft {
  areas: Area[]
  limits: ClassLimit[]
}

export const KIND_COLOURS: Record<ZoneKind, string> = {
  ...{ entry: '#ff7a2e', drive: '#35a7ff', garden: '#3fc46b', street: '#b48cf2', other: '#f1c662' },
}
const ROLE_COLOURS: Record<Exclude<Role, 'zone'>, string> = {
  ...{ line: '#ffd23f', ignored: '#c9b6a7', motion: '#8fa3ad', privacy: '#000000' },
}
export const MOST_POINTS = 32
const PLAIN = { kind: 'other' as ZoneKind, classes: [], inertiaLooks: 3, loiterS: 0 }

export function draftOf({ zones, lines, ignored, motionMasks, privacyMasks, limits }: CameraZones): Draft {
  const areaOf = (role: Role, { id, name, shape }: { id: string; name: string; shape: Point[] }): Area => ({
    ...{ ...PLAIN, key: id, id, role, name, points: shape, colour: role === 'zone' ? '' : ROLE_COLOURS[role] },
  })
  return {
    areas: [
      ...zones.map((zone) => {
        const { kind, colour, inertiaLooks, loiterS } = zone
        return { ...areaOf('zone', zone), kind, colour, inertiaLooks, loiterS }
      }),
      ...lines.map((line) => areaOf('line', { ...line, shape: [line.from, line.to] })),
      ...ignored.map((area) => ({ ...areaOf('ignored', area), classes: area.classes })),
      ...motionMasks.map((area) => areaOf('motion', area)),
      ...privacyMasks.map((area) => areaOf('privacy', area)),
    ],
    limits,
  }
}

export function bodyOf(
  { areas, limits }: Draft,
  revision: number,
  recorded: CameraZonesBody['recorded'] & string,
): CameraZonesBody {
  const of = (role: Role): Area[] => areas.filter((area) => area.role === role)
  const named = ({ id, name }: Area) => ({ ...(id !== undefined && { id }), name: name.trim() })
  const shaped = (area: Area) => ({ ...named(area), shape: area.points })
  return {
    zones: of('zone').map((area) => {
      const { kind, colour, inertiaLooks, loiterS } = area
      return { ...shaped(area), kind, colour, inertiaLooks, loiterS }
    }),
    lines: of('line').map((area) => ({
      ...{ ...named(area), from: area.points[0] as Point, to: area.points[1] as Point },
    })),
    ignored: of('ignored').map((area) => ({ ...shaped(area), classes: area.classes })),
    ...{ motionMasks: of('motion').map(shaped), privacyMasks: of('privacy').map(shaped) },
    ...{ limits, revision, recorded },
  }
}

const START: Record<'line' | 'shape', Point[]> = {
  line: [
    { x: 0.25, y: 0.7 },
    { x: 0.75, y: 0.7 },
  ],
  shape: [
    { x: 0.35, y: 0.4 },
    { x: 0.65, y: 0.4 },
    { x: 0.7, y: 0.75 },
    { x: 0.3, y: 0.75 },
  ],
}

/** A new area in the middle; every further one a little aside, so that it can be told apart. */
export function withNew(draft: Draft, role: Role, kind: ZoneKind, wanted: string): { draft: Draft; key: string } {
  const key = crypto.randomUUID()
  const aside = (draft.areas.length % 4) * 0.04
  const points = START[role === 'line' ? 'line' : 'shape'].map(({ x, y }) => ({ x: x + aside, y: y + aside }))
  const colour = role === 'zone' ? KIND_COLOURS[kind] : ROLE_COLOURS[role]
  const area: Area = { ...PLAIN, key, role, kind, colour, points, name: freeName(draft, wanted) }
  return { draft: { ...draft, areas: [...draft.areas, area] }, key }
}

function freeName({ areas }: Draft, wanted: string): string {
  const taken = new Set(areas.map(({ name }) => name.toLowerCase()))
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted} ${String(n)}`
    if (!taken.has(name.toLowerCase())) return name
  }
}

export function changed(draft: Draft, key: string, change: Partial<Area>): Draft {
  return { ...draft, areas: draft.areas.map((area) => (area.key === key ? { ...area, ...change } : area)) }
}

export function without(draft: Draft, key: string): Draft {
  return { ...draft, areas: draft.areas.filter((area) => area.key !== key) }
}

const within = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000

export const placed = ({ points }: Area, n: number, { x, y }: Point): Point[] =>
  points.map((point, index) => (index === n ? { x: within(x), y: within(y) } : point))

/** Moved as a whole, not beyond the picture. */
export function shifted(points: readonly Point[], dx: number, dy: number): Point[] {
  const limit = (values: readonly number[], by: number): number =>
    Math.min(1 - Math.max(...values), Math.max(-Math.min(...values), by))
  const right = limit(
    points.map(({ x }) => x),
    dx,
  )
  const down = limit(
    points.map(({ y }) => y),
    dy,
  )
  return points.map(({ x, y }) => ({ x: within(x + right), y: within(y + down) }))
}

/** One more point in the middle of the edge after point `n`. */
export function withPointAfter({ points }: Area, n: number): Point[] {
  const [a, b] = [points[n] as Point, points[(n + 1) % points.length] as Point]
  return points.toSpliced(n + 1, 0, { x: within((a.x + b.x) / 2), y: within((a.y + b.y) / 2) })
}

export const mayLosePoint = ({ role, points }: Area): boolean => role !== 'line' && points.length > 3
export const mayGainPoint = ({ role, points }: Area): boolean => role !== 'line' && points.length < MOST_POINTS

const side = (a: Point, b: Point, c: Point): number => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x))

/** As the box will find it too: edges that are not neighbours cross. */
export function crossesItself({ role, points }: Area): boolean {
  if (role === 'line') return false
  const edges = points.map((a, n) => [a, points[(n + 1) % points.length] as Point] as const)
  return edges.some(([a, b], n) =>
    edges.some(([c, d], m) => {
      const apart = Math.abs(n - m)
      if (apart < 2 || apart === edges.length - 1) return false
      return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b)
    }),
  )
}

export type Fault = { key: string; what: 'crosses' | 'noName' | 'sameName' }

export function faultsOf({ areas }: Draft): Fault[] {
  const names = areas.map(({ name }) => name.trim().toLowerCase())
  return areas.flatMap((area, n): Fault[] => {
    if (crossesItself(area)) return [{ key: area.key, what: 'crosses' }]
    if (names[n] === '') return [{ key: area.key, what: 'noName' }]
    return names.indexOf(names[n] ?? '') === n ? [] : [{ key: area.key, what: 'sameName' }]
  })
}

export const masksOf = ({ areas }: Draft): string =>
  JSON.stringify(areas.filter(({ role }) => role === 'privacy').map(({ points }) => points))

/** The limit of a class with one part of it changed; one without any limit is none. */
export function withLimit({ limits }: Draft, name: ObjectClass, change: Partial<ClassLimit>): ClassLimit[] {
  const known = limits.find((limit) => limit.class === name)
  const next = { class: name, minHeight: null, maxHeight: null, minScore: null, ...known, ...change }
  const isEmpty = next.minHeight === null && next.maxHeight === null && next.minScore === null
  return [...limits.filter((limit) => limit !== known), ...(isEmpty ? [] : [next])]
}
