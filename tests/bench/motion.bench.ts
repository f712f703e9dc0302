// Motion on films whose truth is known: how many frames of somebody walking are noticed, how many of nobody are not quiet,
// and what a frame costs. Judged from 3 s after the start.
import { intersectionOf } from '../../appliance/src/vision/boxes.ts'
import { createMotionWatcher } from '../../appliance/src/vision/motion/index.ts'
import { isQuick, median, report, type Goal } from './report.ts'
import { draw, FRAMES_PER_SECOND, SCENES } from './support/drawn-scenes.ts'

const SECONDS = isQuick ? 80 : 160
const WARM_UP_FRAMES = 3 * FRAMES_PER_SECOND
/** CPU time is counted in steps too coarse for one frame. */
const FRAMES_A_MEASUREMENT = 25

const figures: Record<string, number> = {}
const goals: Record<string, Goal> = { cpu_ms_p50: { atMost: 0.5 } }
const cpuMs: number[] = []

for (const name of Object.keys(SCENES)) {
  const watcher = createMotionWatcher()
  let [walking, noticed, empty, disturbed] = [0, 0, 0, 0]
  let batch: { cpuMs: number; frames: number } = { cpuMs: 0, frames: 0 }
  for (const { frame, walker } of draw(name, SECONDS)) {
    const before = process.cpuUsage()
    const { boxes } = watcher.watch(frame, [])
    const { user, system } = process.cpuUsage(before)
    batch = { cpuMs: batch.cpuMs + (user + system) / 1_000, frames: batch.frames + 1 }
    if (batch.frames === FRAMES_A_MEASUREMENT) {
      cpuMs.push(batch.cpuMs / batch.frames)
      batch = { cpuMs: 0, frames: 0 }
    }
    if (frame.sequence < WARM_UP_FRAMES) continue
    if (walker) {
      walking++
      if (boxes.some((box) => intersectionOf(box, walker) > 0)) noticed++
    } else {
      empty++
      if (boxes.length > 0) disturbed++
    }
  }
  figures[`recall_${name}`] = noticed / walking
  figures[`false_${name}`] = disturbed / empty
  goals[`recall_${name}`] = { atLeast: 0.95 }
  goals[`false_${name}`] = { atMost: 0.05 }
}
const conditions = { films: 'drawn', frame: '640×360', frames_per_second: FRAMES_PER_SECOND, seconds_a_film: SECONDS }
report({ bench: 'motion', figures: { cpu_ms_p50: median(cpuMs), ...figures }, goals, conditions })
