import type { Clock } from '../../core/clock.ts'
import { homeTimeOf } from '../../core/home-time.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Trx } from '../../db/index.ts'
import { homeTimeZone, type Settings } from '../../settings/index.ts'
import type { OpenIncident } from '../open-incident.ts'
import { learntName } from '../visits.ts'
import { findAssessment, saveAssessment, showGravest, type StoredAssessment } from './assessment-store.ts'
import { zonesOf } from '../zones-entered.ts'
import { countVisit, noteWatched, WHOLE_CAMERA } from './baseline-store.ts'
import { combine } from './combine.ts'
import type { Facts } from './facts.ts'
import { judgeByRules } from './rules.ts'
import type { Judgement, SceneFacts } from './types.ts'

/** So long a scene may unfold before the model is asked; one that ends earlier is asked about at once. */
const ASK_AFTER_MS = 4_000
/** The model is asked again when an incident ended and the rules have moved by this much since. */
const WORTH_ASKING_AGAIN = 10

const NOT_JUDGED: Judgement = { verdict: 'could-not-look', score: null, factors: [] }

export type AssessedChange = 'opened' | 'updated' | 'closed'

export interface AssessorDeps {
  clock: Clock
  log: Log
  settings: Settings
  facts: Facts
  /** Is there a language model to ask? */
  hasLanguage(): boolean
}

/** Judges an incident in its own transaction, by rules, and counts it for what is usual once it is over. */
export interface Assessor {
  /** Never throws for want of facts: what could not be looked at is stored as that. */
  assess(trx: Trx, change: AssessedChange, incident: OpenIncident): Promise<void>
}

export function createAssessor({ clock, log, settings, facts, hasLanguage }: AssessorDeps): Assessor {
  async function gather(trx: Trx, incident: OpenIncident): Promise<SceneFacts | null> {
    try {
      return await facts.gather(trx, incident, clock.now())
    } catch (error) {
      log.error({ incident: incident.id, err: messageOf(error) }, 'An incident could not be judged')
      return null
    }
  }

  async function learn(trx: Trx, incident: OpenIncident): Promise<void> {
    const { camera, classes, openedAt, visit } = incident
    const { weekday, hour } = homeTimeOf(openedAt, settings.get(homeTimeZone))
    const places = [WHOLE_CAMERA, ...zonesOf(incident).map(({ id }) => id)]
    for (const [name] of classes)
      for (const zoneId of places) {
        const counted = learntName(zoneId === WHOLE_CAMERA ? camera.id : zoneId, name)
        if (visit.learnt.has(counted)) continue
        visit.learnt.add(counted)
        await countVisit(trx, { cameraId: camera.id, zoneId, class: name, weekday, hour, at: openedAt })
      }
  }

  return {
    async assess(trx, change, incident) {
      const at = clock.now()
      if (change === 'opened') await noteWatched(trx, incident.camera.id, incident.openedAt)
      const known = change === 'opened' ? null : await findAssessment(trx, incident.id)
      const scene = await gather(trx, incident)
      const rules = scene === null ? NOT_JUDGED : judgeByRules(scene)
      const language = nextLanguage(known, { change, at, score: rules.score, hasLanguage: hasLanguage() })
      const assessment: StoredAssessment = { incidentId: incident.id, at, rules, facts: scene, language }
      await saveAssessment(trx, assessment, combine(rules, language.stored?.opinion ?? null))
      await showGravest(trx, incident.partOf ?? incident.id)
      if (change !== 'closed') return
      await learn(trx, incident)
      facts.forget(incident.id)
    },
  }
}

interface Moment {
  change: AssessedChange
  at: number
  /** Of the rules, now. */
  score: number | null
  hasLanguage: boolean
}

/** When the model is to be asked next. Pure. */
export function nextLanguage(known: StoredAssessment | null, moment: Moment): StoredAssessment['language'] {
  const { change, at, score, hasLanguage } = moment
  const before = known?.language
  if (!before) {
    const fresh = { tries: 0, askedScore: null, stored: null }
    if (!hasLanguage) return { ...fresh, state: 'off', dueAt: null }
    return { ...fresh, state: 'waiting', dueAt: change === 'closed' ? at : at + ASK_AFTER_MS }
  }
  if (change !== 'closed') return before
  if (before.state === 'waiting') return { ...before, dueAt: Math.min(at, before.dueAt ?? at) }
  const moved = Math.abs((score ?? 0) - (before.askedScore ?? 0))
  const again = hasLanguage && before.state !== 'off' && before.askedScore !== null && moved >= WORTH_ASKING_AGAIN
  return again ? { ...before, state: 'waiting', dueAt: at, tries: 0 } : before
}
