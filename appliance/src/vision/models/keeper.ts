import { rm } from 'node:fs/promises'
import type { Models } from '../../api/models.ts'
import type { DetectorStatus } from '../../api/system.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { RequestContext } from '../../http/route.ts'
import type { Settings } from '../../settings/index.ts'
import { classNamesFile } from '../families/class-names.ts'
import { VISION_MODEL } from '../settings.ts'
import { requireInstalled } from './add.ts'
import { CATALOGUE_DEFAULT } from './catalogue.ts'
import { ModelChoosing } from './choice.ts'
import type { FetchOptions } from '../../core/fetch-file.ts'
import type { AddedModel } from './install.ts'
import { listModels } from './installed.ts'
import { nameOfModel, type ModelPlaces } from './places.ts'
import { ModelJobs } from './jobs.ts'
import { dropNotes } from './notes.ts'

/** Something was done to the models; `request` is null when the box did it by itself. */
export interface ModelChange {
  what: 'added' | 'chosen' | 'rolled-back' | 'removed'
  name: string
  details: Readonly<Record<string, string | number>>
  request: RequestContext | null
}

export interface ModelKeeperDeps {
  places: ModelPlaces
  settings: Settings
  clock: Clock
  log: Log
  detector(): DetectorStatus
  isFixed: boolean
  fetch: FetchOptions
  /** For the record of who did what. */
  record(change: ModelChange): Promise<void>
  /** The list, what runs or what is in use is another one now. */
  onChange(models: Models): void
}

/** Everything that can be done with models while Lares runs. */
export interface ModelKeeper {
  jobs: ModelJobs
  list(): Promise<Models>
  /** For `onAdded` of a job that this request has begun. */
  added(request: RequestContext): (model: AddedModel) => Promise<void>
  choose(name: string, request: RequestContext): Promise<void>
  goBack(request: RequestContext): Promise<void>
  /** Throws `conflict` for the one in use and the built-in one. */
  remove(name: string, request: RequestContext): Promise<void>
  onDetector(status: DetectorStatus): void
  stop(): Promise<void>
}

export function createModelKeeper(deps: ModelKeeperDeps): ModelKeeper {
  const { places, settings, log, detector, record } = deps
  const tell = (): void => {
    list().then(deps.onChange, (err: unknown) => log.warn({ err }, 'The list of models could not be read'))
  }
  const jobs = new ModelJobs({ ...deps, onChange: tell })
  const choosing = new ModelChoosing({
    ...deps,
    async onRolledBack(from, to, reason) {
      await record({ what: 'rolled-back', name: to, details: { from, reason }, request: null })
      tell()
    },
  })

  async function list(): Promise<Models> {
    const { model, inferenceMsP50 } = detector()
    const { previous, rolledBack } = choosing.history()
    const active = model && { name: model.name, inferenceMs: inferenceMsP50 }
    return { models: await listModels(places, active), job: jobs.current(), previous, rolledBack }
  }

  return {
    jobs,
    list,
    added: (request) => async (model) => {
      const details = { sha256: model.sha256, family: model.family }
      await record({ what: 'added', name: model.name, details, request })
    },
    async choose(name, request) {
      await choosing.choose(name)
      await record({ what: 'chosen', name, details: {}, request })
      tell()
    },
    async goBack(request) {
      await choosing.goBack()
      await record({ what: 'chosen', name: settings.get(VISION_MODEL), details: { back: 'yes' }, request })
      tell()
    },
    async remove(name, request) {
      if (name === CATALOGUE_DEFAULT.name) throw new LaresError('conflict', 'The built-in model stays.')
      const inUse = nameOfModel(settings.get(VISION_MODEL)) === name || detector().model?.name === name
      if (inUse) throw new LaresError('conflict', `${name} is in use. Choose another one first.`)
      const file = await requireInstalled(places, name)
      await rm(file)
      await rm(classNamesFile(file), { force: true })
      await dropNotes(places, name)
      await record({ what: 'removed', name, details: {}, request })
      tell()
    },
    async stop() {
      choosing.stop()
      await jobs.stop()
    },
    onDetector(status) {
      choosing.onDetector(status)
      tell()
    },
  }
}
