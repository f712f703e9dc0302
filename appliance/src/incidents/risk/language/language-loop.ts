import { readFile } from 'node:fs/promises'
import type { LanguageStatus, PromptReply } from '../../../api/risk.ts'
import type { Clock } from '../../../core/clock.ts'
import { messageOf } from '../../../core/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { Part } from '../../../core/part.ts'
import { supervise } from '../../../core/supervise.ts'
import type { Database } from '../../../db/index.ts'
import { homeTimeZone, type Settings } from '../../../settings/index.ts'
import { findIncident, type StoredIncident } from '../../store.ts'
import type { IncidentMedia } from '../../types.ts'
import type { IncidentWriter } from '../../writer.ts'
import * as store from '../assessment-store.ts'
import { combine } from '../combine.ts'
import { llmAtOnce, llmPictures, llmUrl } from '../settings.ts'
import { Breaker } from './breaker.ts'
import { askModel, type AskOutcome, type ModelServer } from './client.ts'
import { languageAfter, languageGivenUp } from './outcome.ts'
import { makePrompt, PROMPT_VERSION, SYSTEM_PROMPT } from './prompt.ts'
import { serverOf } from './server.ts'

const IDLE_PAUSE_MS = 60_000
/** So long after an incident its judgement still matters to somebody. */
const TOO_LATE_MS = 6 * 60 * 60_000

export interface LanguageDeps {
  database: Database
  settings: Settings
  media: Pick<IncidentMedia, 'folder'>
  writer: Pick<IncidentWriter, 'judge'>
  clock: Clock
  log: Log
}

/**
 * Asks a language model about incidents that the rules have judged. What waits stands in the database, so that nothing is
 * forgotten over a restart; no transaction is open while the model thinks.
 */
export interface Language extends Part {
  /** Something may be due earlier than was thought. */
  wake(): void
  status(): Promise<LanguageStatus>
}

interface Asked {
  incident: StoredIncident
  assessment: store.StoredAssessment
}

export function createLanguage(deps: LanguageDeps): Language {
  const { database, settings, media, writer, clock, log } = deps
  let breaker = new Breaker()
  let lastProblem: string | null = null
  let pauseMs = IDLE_PAUSE_MS
  let stopListening: () => void = () => undefined

  async function readPicture(incident: StoredIncident): Promise<Buffer | null> {
    if (!settings.get(llmPictures) || !incident.snapshot) return null
    try {
      return await readFile(media.folder.path(incident.snapshot.file))
    } catch (error) {
      log.warn({ incident: incident.id, err: messageOf(error) }, 'The picture for the language model is gone')
      return null
    }
  }

  function promptFor({ incident, assessment }: Asked, pictureSent: boolean): PromptReply | null {
    const { facts, rules } = assessment
    if (facts === null) return null
    const time = dayAndTime(incident.openedAt, settings.get(homeTimeZone))
    return makePrompt({ cameraName: incident.camera.name, time, facts, rules, pictureSent })
  }

  async function find(id: string): Promise<Asked | null> {
    const incident = await findIncident(database.reader, id)
    const assessment = incident && (await store.findAssessment(database.reader, id))
    return incident && assessment ? { incident, assessment } : null
  }

  /** Stores what became of it, on top of what the rules say by now. */
  async function keep(
    { incident }: Asked,
    prompt: PromptReply | null,
    change: (language: store.StoredAssessment['language']) => store.StoredAssessment['language'],
  ): Promise<void> {
    await writer.judge(incident.id, async (trx) => {
      const now = await store.findAssessment(trx, incident.id)
      if (!now) return
      const language = change(now.language)
      const next = { ...now, at: clock.now(), language }
      await store.saveAssessment(trx, next, combine(now.rules, language.stored?.opinion ?? null))
      if (prompt) await store.savePrompt(trx, incident.id, prompt)
      await store.showGravest(trx, incident.partOf ?? incident.id)
    })
  }

  function note(outcome: AskOutcome): void {
    lastProblem = outcome.ok ? null : outcome.problem
    if (outcome.ok) breaker.succeeded()
    else if (outcome.kind === 'server') breaker.failed(clock.monotonic())
    else breaker.undecided()
  }

  async function ask(id: string, server: ModelServer, signal: AbortSignal): Promise<void> {
    const asked = await find(id)
    if (!asked) return
    if (clock.now() - asked.incident.lastSeenAt > TOO_LATE_MS)
      return keep(asked, null, (before) => languageGivenUp(before, 'The model was not there in time.'))
    if (!breaker.tryPass(clock.monotonic())) return
    const picture = await readPicture(asked.incident)
    const prompt = promptFor(asked, picture !== null)
    if (!prompt) {
      breaker.undecided()
      return keep(asked, null, (before) => languageGivenUp(before, 'There were no facts to ask about.'))
    }
    const outcome = await askModel({ prompt, picture }, server, { clock, signal })
    // Stopped in the middle: it still waits, the next start asks.
    if (signal.aborted && !outcome.ok) return breaker.undecided()
    note(outcome)
    if (!outcome.ok) log.warn({ incident: id, why: outcome.problem }, 'The language model was not heard')
    const moment = { at: clock.now(), askedScore: asked.assessment.rules.score, pictureSent: picture !== null }
    await keep(asked, prompt, (before) => languageAfter(before, outcome, moment))
  }

  async function round(signal: AbortSignal): Promise<void> {
    if (settings.get(llmUrl) === '') {
      await store.stopWaiting(database.writer)
      pauseMs = IDLE_PAUSE_MS
      return
    }
    const server = serverOf(settings)
    const blockedMs = breaker.waitMs(clock.monotonic())
    if (blockedMs > 0) {
      pauseMs = blockedMs
      return
    }
    const atOnce = settings.get(llmAtOnce)
    const due = await store.dueForLanguage(database.reader, clock.now(), atOnce)
    if (server.ok) await Promise.all(due.map((id) => ask(id, server.server, signal)))
    else await refuse(due, server.problem)
    const { nextDueAt } = await store.countWaiting(database.reader)
    pauseMs = nextDueAt === null ? IDLE_PAUSE_MS : Math.max(0, Math.min(IDLE_PAUSE_MS, nextDueAt - clock.now()))
    if (pauseMs === 0) pauseMs = breaker.waitMs(clock.monotonic())
  }

  /** The owner's settings do not let it be asked. */
  async function refuse(due: readonly string[], problem: string): Promise<void> {
    lastProblem = problem
    for (const id of due) {
      const asked = await find(id)
      if (asked) await keep(asked, null, (before) => languageGivenUp(before, problem))
    }
  }

  const loop = supervise({ name: 'language model', clock, log, runOnce: round, pauseMs: () => pauseMs })

  return {
    name: 'language model',
    wake: () => loop.wake(),
    async status() {
      const configured = settings.get(llmUrl) !== ''
      const server = configured ? serverOf(settings) : null
      return {
        ...{ configured, address: server?.ok ? server.server.address.url.host : null },
        model: server?.ok ? server.server.model : null,
        ...{ pictures: settings.get(llmPictures), breaker: breaker.state(clock.monotonic()) },
        problem: server && !server.ok ? server.problem : lastProblem,
        waiting: (await store.countWaiting(database.reader)).count,
        ...{ promptVersion: PROMPT_VERSION, system: SYSTEM_PROMPT },
      }
    },
    async start() {
      stopListening = settings.onChange(llmUrl, () => {
        breaker = new Breaker()
        lastProblem = null
        loop.wake()
      })
      await loop.start()
    },
    async stop() {
      stopListening()
      await loop.stop()
    },
  }
}

function dayAndTime(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).format(at)
}
