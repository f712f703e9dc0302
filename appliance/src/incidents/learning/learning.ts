import type { Learned, LearnedReply } from '../../api/review.ts'
import type { Audit } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Database, Trx } from '../../db/index.ts'
import { homeTimeOf } from '../../core/home-time.ts'
import { dayPartOf } from './day-part.ts'
import type { Reviewer } from '../review/reviews.ts'
import type { FeedbackQuestion } from '../risk/types.ts'
import type { VisibleCameras } from '../types.ts'
import { feedbackAdjustment, REMEMBERED_MS, type LearnedAdjustment } from './feedback-adjustment.ts'
import { EVERYTHING, listMarks, readResets, saveReset, type StoredMark } from './learning-store.ts'
import { leadingClass, parsePattern, patternName, type Pattern } from './pattern.ts'

export interface LearningDeps {
  database: Database
  clock: Clock
  audit: Pick<Audit, 'record'>
  timeZone(): string
}

/** What people's marks teach about later incidents; all of it can be looked at and forgotten. */
export interface Learning {
  /** null: nothing was learned about this. */
  adjustment(trx: Trx, asked: FeedbackQuestion): Promise<LearnedAdjustment | null>
  learned(visible: VisibleCameras): Promise<LearnedReply>
  /** From now on marks begin to count anew. Throws `invalid` for a pattern that cannot be. */
  forget(pattern: string | undefined, by: Reviewer): Promise<void>
}

/** The last so many on one camera say enough, and are read within the incident's transaction. */
const MOST_OF_A_CAMERA = 400
const MOST_OF_ALL = 20_000

interface KnownMark extends StoredMark {
  pattern: Pattern
  name: string
}

export function createLearning({ database, clock, audit, timeZone }: LearningDeps): Learning {
  function withPattern(mark: StoredMark): KnownMark[] {
    const kind = leadingClass(mark.classes)
    if (kind === null) return []
    const part = dayPartOf(homeTimeOf(mark.openedAt, timeZone()).hour)
    const pattern = { cameraId: mark.camera.id, class: kind, part }
    return [{ ...mark, pattern, name: patternName(pattern) }]
  }

  const inForce = (resets: ReadonlyMap<string, number>) => (mark: KnownMark) =>
    mark.at > Math.max(resets.get(EVERYTHING) ?? 0, resets.get(mark.name) ?? 0)

  async function learned(visible: VisibleCameras): Promise<LearnedReply> {
    const since = clock.now() - REMEMBERED_MS
    const { reader } = database
    const marks = await listMarks(reader, { cameras: visible, since, limit: MOST_OF_ALL })
    const counting = marks.flatMap(withPattern).filter(inForce(await readResets(reader)))
    const all = [...Map.groupBy(counting, ({ name }) => name).values()]
    const found = all.flatMap((ofPattern) => describe(ofPattern, clock.now()))
    return { learned: found.toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points) || b.lastAt - a.lastAt) }
  }

  return {
    async adjustment(trx, asked) {
      const cameras = new Set([asked.cameraId])
      const marks = await listMarks(trx, { cameras, since: asked.at - REMEMBERED_MS, limit: MOST_OF_A_CAMERA })
      if (marks.length === 0) return null
      const name = patternName({ cameraId: asked.cameraId, class: asked.class, part: dayPartOf(asked.hour) })
      const alike = marks.flatMap(withPattern).filter((mark) => mark.name === name)
      return feedbackAdjustment(alike.filter(inForce(await readResets(trx))), asked.at)
    },
    learned,
    async forget(pattern, by) {
      const { cameras } = by.principal
      const wanted = pattern === undefined ? null : parsePattern(pattern)
      if (pattern !== undefined && (!wanted || (cameras && !cameras.has(wanted.cameraId))))
        throw new LaresError('invalid', 'Nothing like that was learned.', { details: { field: 'pattern' } })
      const seen = cameras === null ? [EVERYTHING] : (await learned(cameras)).learned.map((each) => each.pattern)
      const { principal: who, address, userAgent } = by
      await database.transaction(async (trx) => {
        for (const name of pattern === undefined ? seen : [pattern]) await saveReset(trx, name, clock.now())
        const details = { pattern: pattern ?? EVERYTHING }
        await audit.record(trx, { type: 'feedback_forgotten', who, address, userAgent, details })
      })
    },
  }
}

/** What the marks of one pattern say; nothing where they are all `unsure`. */
function describe(marks: readonly KnownMark[], now: number): Learned[] {
  const [last] = marks
  const count = (feedback: string): number => marks.filter((mark) => mark.feedback === feedback).length
  const counts = { expected: count('expected'), false: count('false'), threat: count('threat') }
  if (!last || counts.expected + counts.false + counts.threat === 0) return []
  const { points, words } = feedbackAdjustment(marks, now) ?? {
    points: 0,
    words: 'Too little was said so far to change anything.',
  }
  const { class: kind, part } = last.pattern
  return [{ pattern: last.name, camera: last.camera, class: kind, part, counts, lastAt: last.at, points, words }]
}
