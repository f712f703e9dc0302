// Average precision the way COCO counts it: one threshold of overlap, 101 points of recall, at most 100 boxes a picture.

export interface ScoredBox {
  picture: number
  class: number
  score: number
  left: number
  top: number
  right: number
  bottom: number
}
export type TrueBox = Omit<ScoredBox, 'score'>

export function overlap(a: TrueBox, b: TrueBox): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  const area = (box: TrueBox): number => (box.right - box.left) * (box.bottom - box.top)
  return shared / (area(a) + area(b) - shared)
}

/** Greedy suppression inside one picture and class. */
export function suppressSameClass(boxes: readonly ScoredBox[], atLeast: number): ScoredBox[] {
  const kept: ScoredBox[] = []
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some((better) => better.class === box.class && overlap(better, box) > atLeast)) kept.push(box)
  }
  return kept.slice(0, 100)
}

/** Mean over the classes that occur in `truth`. */
export function meanAveragePrecision(found: readonly ScoredBox[], truth: readonly TrueBox[], minOverlap = 0.5): number {
  const classes = [...new Set(truth.map((box) => box.class))]
  const sum = classes.reduce((total, name) => {
    const ofClass = <T extends TrueBox>(boxes: readonly T[]): T[] => boxes.filter((box) => box.class === name)
    return total + averagePrecision(ofClass(found), ofClass(truth), minOverlap)
  }, 0)
  return classes.length === 0 ? 0 : sum / classes.length
}

function averagePrecision(found: readonly ScoredBox[], truth: readonly TrueBox[], minOverlap: number): number {
  const taken = new Set<TrueBox>()
  const hits = found
    .toSorted((a, b) => b.score - a.score)
    .map((box) => {
      let best: TrueBox | null = null
      for (const each of truth) {
        if (each.picture !== box.picture || taken.has(each) || overlap(each, box) < minOverlap) continue
        if (!best || overlap(each, box) > overlap(best, box)) best = each
      }
      if (best) taken.add(best)
      return best !== null
    })
  let right = 0
  const points = hits.map((hit, i) => {
    if (hit) right++
    return { recall: right / truth.length, precision: right / (i + 1) }
  })
  for (let i = points.length - 2; i >= 0; i--) {
    const point = points[i]
    if (point) point.precision = Math.max(point.precision, points[i + 1]?.precision ?? 0)
  }
  let sum = 0
  for (let step = 0; step <= 100; step++) sum += points.find(({ recall }) => recall >= step / 100)?.precision ?? 0
  return sum / 101
}
