import { readFile } from 'node:fs/promises'
import type { LanguageStatus, PromptReply } from '../../../api/risk.ts'
import type { Clock } from '../../../core/clock.ts'
import { messageOf } from '../../../core/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { Part } from '../../../core/part.ts'
import { supervise, type Loop } from '../../../core/supervise.ts'
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

interface Asked {
  incident: StoredIncident
  assessment: store.StoredAssessment
}

type LanguageState = store.StoredAssessment['language']

/**
 * Asks a language model about incidents that the rules have judged. What waits stands in the database, so that nothing is
 * forgotten over a restart; no transaction is open while the model thinks.
 */
export class Language implements Part {
  readonly name = 'language model'
  readonly #deps: LanguageDeps
  readonly #loop: Loop
  #breaker = new Breaker()
  #lastProblem: string | null = null
  #pauseMs = IDLE_PAUSE_MS
  #stopListening: () => void = () => undefined

  constructor(deps: LanguageDeps) {
    const { clock, log } = deps
    this.#deps = deps
    const runOnce = (signal: AbortSignal): Promise<void> => this.#round(signal)
    this.#loop = supervise({ name: this.name, clock, log, runOnce, pauseMs: () => this.#pauseMs })
  }

  /** Something may be due earlier than was thought. */
  wake(): void {
    this.#loop.wake()
  }

  async status(): Promise<LanguageStatus> {
    const { settings, database, clock } = this.#deps
    const configured = settings.get(llmUrl) !== ''
    const server = configured ? serverOf(settings) : null
    return {
      ...{ configured, address: server?.ok ? server.server.address.url.host : null },
      model: server?.ok ? server.server.model : null,
      ...{ pictures: settings.get(llmPictures), breaker: this.#breaker.state(clock.monotonic()) },
      problem: server && !server.ok ? server.problem : this.#lastProblem,
      waiting: (await store.countWaiting(database.reader)).count,
      ...{ promptVersion: PROMPT_VERSION, system: SYSTEM_PROMPT },
    }
  }

  async start(): Promise<void> {
    this.#stopListening = this.#deps.settings.onChange(llmUrl, () => {
      this.#breaker = new Breaker()
      this.#lastProblem = null
      this.#loop.wake()
    })
    await this.#loop.start()
  }

  async stop(): Promise<void> {
    this.#stopListening()
    await this.#loop.stop()
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { settings, database, clock } = this.#deps
    if (settings.get(llmUrl) === '') {
      await store.stopWaiting(database.writer)
      this.#pauseMs = IDLE_PAUSE_MS
      return
    }
    const server = serverOf(settings)
    const blockedMs = this.#breaker.waitMs(clock.monotonic())
    if (blockedMs > 0) {
      this.#pauseMs = blockedMs
      return
    }
    const due = await store.dueForLanguage(database.reader, clock.now(), settings.get(llmAtOnce))
    if (server.ok) await Promise.all(due.map((id) => this.#ask(id, server.server, signal)))
    else await this.#refuse(due, server.problem)
    const { nextDueAt } = await store.countWaiting(database.reader)
    const untilDueMs = nextDueAt === null ? IDLE_PAUSE_MS : Math.max(0, nextDueAt - clock.now())
    this.#pauseMs = Math.max(this.#breaker.waitMs(clock.monotonic()), Math.min(IDLE_PAUSE_MS, untilDueMs))
  }

  async #ask(id: string, server: ModelServer, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps
    const asked = await this.#find(id)
    if (!asked) return
    if (clock.now() - asked.incident.lastSeenAt > TOO_LATE_MS)
      return this.#keep(asked, null, (before) => languageGivenUp(before, 'The model was not there in time.'))
    if (!this.#breaker.tryPass(clock.monotonic())) return
    const picture = await this.#readPicture(asked.incident)
    const prompt = this.#promptFor(asked, picture !== null)
    if (!prompt) {
      this.#breaker.undecided()
      return this.#keep(asked, null, (before) => languageGivenUp(before, 'There were no facts to ask about.'))
    }
    const outcome = await askModel({ prompt, picture }, server, { clock, signal })
    // Stopped in the middle: it still waits, the next start asks.
    if (signal.aborted && !outcome.ok) return this.#breaker.undecided()
    this.#note(outcome)
    if (!outcome.ok) log.warn({ incident: id, why: outcome.problem }, 'The language model was not heard')
    const moment = { at: clock.now(), askedScore: asked.assessment.rules.score, pictureSent: picture !== null }
    await this.#keep(asked, prompt, (before) => languageAfter(before, outcome, moment))
  }

  #note(outcome: AskOutcome): void {
    this.#lastProblem = outcome.ok ? null : outcome.problem
    if (outcome.ok) this.#breaker.succeeded()
    else if (outcome.kind === 'server') this.#breaker.failed(this.#deps.clock.monotonic())
    else this.#breaker.undecided()
  }

  /** The owner's settings do not let it be asked. */
  async #refuse(due: readonly string[], problem: string): Promise<void> {
    this.#lastProblem = problem
    for (const id of due) {
      const asked = await this.#find(id)
      if (asked) await this.#keep(asked, null, (before) => languageGivenUp(before, problem))
    }
  }

  async #find(id: string): Promise<Asked | null> {
    const { reader } = this.#deps.database
    const incident = await findIncident(reader, id)
    const assessment = incident && (await store.findAssessment(reader, id))
    return incident && assessment ? { incident, assessment } : null
  }

  async #readPicture({ id, snapshot }: StoredIncident): Promise<Buffer | null> {
    const { settings, media, log } = this.#deps
    if (!settings.get(llmPictures) || !snapshot) return null
    try {
      return await readFile(media.folder.path(snapshot.file))
    } catch (error) {
      log.warn({ incident: id, err: messageOf(error) }, 'The picture for the language model is gone')
      return null
    }
  }

  #promptFor({ incident, assessment }: Asked, pictureSent: boolean): PromptReply | null {
    const { facts, rules } = assessment
    if (facts === null) return null
    const time = dayAndTime(incident.openedAt, this.#deps.settings.get(homeTimeZone))
    return makePrompt({ cameraName: incident.camera.name, time, facts, rules, pictureSent })
  }

  /** Stores what became of it, on top of what the rules say by now. */
  async #keep(
    { incident }: Asked,
    prompt: PromptReply | null,
    change: (language: LanguageState) => LanguageState,
  ): Promise<void> {
    const { writer, clock } = this.#deps
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
}

function dayAndTime(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).format(at)
}
