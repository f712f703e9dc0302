import type { Background } from './background.ts'
import type { Region } from './cells.ts'

const E = process.env
const CLIP = Number(E.EC ?? 6)
const LEAST_DRIFT = Number(E.EB ?? 2)
const ENOUGH = Number(E.ET ?? 4)
const MOST = Number(E.EM ?? 5)
const USUAL_SHARE = Number(E.EQ ?? 0.01)
const EG = Number(E.EG ?? 1)
const CLEAN = Number(E.EL ?? 2.5)
const GAIN = Number(E.GA ?? 2)
const GAIN_CLUTTER = Number(E.GC ?? 0.9)
const LOSS = Number(E.LO ?? 2)
const STOOD = Number(E.SD ?? 8)
const TILES = 4
const STEP = Number(E.ES ?? 20)

export function createEvidence({ width, height, columns, rows }: Background) {
  const cells = columns * rows
  const sums = new Float32Array(cells + columns)
  const across = new Float32Array(cells)
  const sides = [1, -1].map((sign) => ({ sign, drift: LEAST_DRIFT, trail: new Float32Array(cells), next: new Float32Array(cells) }))
  const crowd = new Uint16Array(TILES * TILES)
  const stands = new Uint8Array(cells)
  const holds = new Uint8Array(cells)

  function sumUp({ difference, allowed }: Background): void {
    sums.fill(0)
    for (let y = 0; y < height; y++) {
      let cell = (y >> 1) * columns
      for (let i = y * width, end = i + width, x = 0; i < end; i++, x++) {
        const z = (difference[i] as number) / (allowed[i] as number)
        sums[cell] = (sums[cell] as number) + (z > CLIP ? CLIP : z < -CLIP ? -CLIP : z)
        cell += x & 1
      }
    }
    for (let cell = 0; cell < cells; cell++) sums[cell] = (sums[cell] as number) + (sums[cell + columns] as number)
  }

  function follow(side: (typeof sides)[0]): void {
    const { sign, drift, trail, next } = side
    for (let row = 0, cell = 0; row < rows; row++)
      for (let column = 0; column < columns; column++, cell++) {
        let most = trail[cell] as number
        if (column > 0 && (trail[cell - 1] as number) > most) most = trail[cell - 1] as number
        if (column < columns - 1 && (trail[cell + 1] as number) > most) most = trail[cell + 1] as number
        across[cell] = most
      }
    crowd.fill(0)
    const mostGain = drift < CLEAN ? GAIN : GAIN_CLUTTER
    for (let row = 0, cell = 0; row < rows; row++) {
      const tileRow = TILES * ((row * TILES / rows) | 0)
      const up = row > 0 ? columns : 0
      const down = row < rows - 1 ? columns : 0
      for (let column = 0; column < columns; column++, cell++) {
        let most = across[cell] as number
        if ((across[cell - up] as number) > most) most = across[cell - up] as number
        if ((across[cell + down] as number) > most) most = across[cell + down] as number
        const here = sign * (sums[cell] as number)
        if (here > drift) crowd[tileRow + ((column * TILES / columns) | 0)]!++
        const gain = here - drift
        const sum = most + (gain > mostGain ? mostGain : gain < -LOSS ? -LOSS : gain)
        next[cell] = sum < 0 ? 0 : sum > MOST ? MOST : sum
        if (sum > ENOUGH && here > drift * EG) {
          holds[cell] = 1
          if (row < rows - 1) holds[cell + columns] = 1
        }
      }
    }
    const unusual = crowd.sort()[TILES * TILES / 2]! * TILES * TILES
    side.trail = next
    side.next = trail
    side.drift = Math.max(LEAST_DRIFT, drift + Math.max(-0.1, Math.min(0.5, (unusual / cells - USUAL_SHARE) * STEP)))
  }

  return {
    holds,
    stood: (cell: number): boolean => (stands[cell] as number) >= STOOD,
    sides,
    update(background: Background): void {
      sumUp(background)
      holds.fill(0)
      for (const side of sides) follow(side)
      for (let cell = 0; cell < cells; cell++) {
        const stood = stands[cell] as number
        if (holds[cell] === 1) stands[cell] = Math.min(STOOD * 2, stood + 1)
        else if (stood > 0) stands[cell] = stood - 1
      }
    },
    /** What is large needs no trail, and leaves none. */
    clear({ left, right, top, bottom }: Region) {
      for (let row = Math.max(0, top - 1); row <= Math.min(rows - 1, bottom + 1); row++)
        for (const { trail } of sides) trail.fill(0, row * columns + Math.max(0, left - 1), row * columns + Math.min(columns, right + 2))
    },
    forget() {
      for (const side of sides) { side.trail.fill(0); side.next.fill(0) }
    },
  }
}
