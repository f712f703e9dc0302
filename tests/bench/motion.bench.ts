// Motion on films whose truth is known frame by frame: who is noticed within a second and for half of their way, in how many frames
// something else is, and what a frame costs. The seeds are other ones than those of the making.
// Then the real clips of ../shared/data, where they exist.
import { createMotionWatcher } from '../../appliance/src/vision/motion/index.ts'
import { SEEDS_FOR_JUDGING, truthClip } from '../fakes/truth/clips.ts'
import { CLIP_NAMES, scoreClip, type Score } from '../fakes/truth/score.ts'
import { dataFile, decodeClip } from '../vision/data.ts'
import { isQuick, median, report, type Goal } from './report.ts'

const SECONDS = 120
const seeds = isQuick ? SEEDS_FOR_JUDGING.slice(0, 1) : SEEDS_FOR_JUDGING
/** CPU time is counted in steps too coarse for one frame. */
const FRAMES_A_MEASUREMENT = 25
const COST_SECONDS = 30

const figures: Record<string, number> = {}
const goals: Record<string, Goal> = { cpu_ms_p50: { atMost: 0.5 } }
const mean = (scores: readonly Score[], pick: (score: Score) => number): number =>
  scores.reduce((sum, score) => sum + pick(score), 0) / scores.length

function measureCost(name: string): number[] {
  const frames = [...truthClip(name, SEEDS_FOR_JUDGING[0] as number, COST_SECONDS)].map(({ frame }) => frame)
  const watcher = createMotionWatcher()
  const costs: number[] = []
  for (let from = 0; from < frames.length; from += FRAMES_A_MEASUREMENT) {
    const batch = frames.slice(from, from + FRAMES_A_MEASUREMENT)
    const before = process.cpuUsage()
    for (const frame of batch) watcher.watch(frame, [])
    const { user, system } = process.cpuUsage(before)
    costs.push((user + system) / 1_000 / batch.length)
  }
  return costs
}

// The first round only warms the compiler up.
const rounds = [0, 1, 2].map(() => CLIP_NAMES.map((name) => ({ name, costs: measureCost(name) }))).slice(1)
const costsOf = (wanted?: string): number[] =>
  rounds.flat().flatMap(({ name, costs }) => (wanted === undefined || name === wanted ? costs : []))
figures['cpu_ms_p50'] = median(costsOf())
figures['cpu_ms_p50_still'] = median(costsOf('still'))
figures['cpu_ms_p50_rain'] = median(costsOf('rain'))

for (const name of CLIP_NAMES) {
  const scores = seeds.map((seed) => scoreClip(createMotionWatcher(), name, seed, SECONDS))
  figures[`recall_${name}`] = mean(scores, ({ recall }) => recall)
  figures[`frames_${name}`] = mean(scores, ({ frameRecall }) => frameRecall)
  figures[`false_${name}`] = mean(scores, ({ falseFrames }) => falseFrames)
  goals[`recall_${name}`] = { atLeast: 0.95 }
  goals[`false_${name}`] = { atMost: 0.05 }
}

const between = (from: number, to: number) => (second: number) => second >= from && second < to
const REAL = [
  { key: 'yard_empty', file: 'synthetic-yard-360p15.mp4', counts: between(3, 8) },
  { key: 'yard_person', file: 'synthetic-yard-360p15.mp4', counts: between(9, 17.5) },
  { key: 'yard_truck', file: 'synthetic-yard-360p15.mp4', counts: between(21.5, 25) },
  { key: 'yard_pause', file: 'synthetic-yard-360p15.mp4', counts: between(27.4, 29) },
  { key: 'cars', file: 'intel-car-detection.mp4', counts: between(3, 1e9) },
  { key: 'bottles', file: 'intel-bottle-detection.mp4', counts: between(3, 1e9) },
  { key: 'room', file: 'intel-one-by-one-person-detection.mp4', counts: between(3, 1e9) },
]
for (const { key, file, counts } of REAL) {
  const path = dataFile(`video/${file}`)
  if (!path) continue
  const watcher = createMotionWatcher()
  const moved = decodeClip(path, 640, 360, 5, 0)
    .map((frame) => ({ second: frame.capturedAt / 1_000, moves: watcher.watch(frame, []).boxes.length > 0 }))
    .filter(({ second }) => counts(second))
  if (moved.length > 0) figures[`motion_${key}`] = moved.filter(({ moves }) => moves).length / moved.length
}
const conditions = {
  films: 'drawn, seeds for judging',
  seeds: seeds.join(' '),
  seconds_a_film: SECONDS,
  frame: '640×360, 5/s',
}
report({ bench: 'motion', figures, goals, conditions })
