import {
  changeSettingBody,
  homeSettings,
  settingEntry,
  settingParams,
  settingsReply,
  type HomeSettings,
} from '../api/system.ts'
import type { Audit } from '../audit/types.ts'
import { LaresError } from '../core/errors.ts'
import type { Database, Trx } from '../db/database.ts'
import { route, type RequestContext, type Route } from '../http/route.ts'
import { homeCurrency, homeName, homeTimeZone } from './catalogue.ts'
import type { EditableSettings } from './types.ts'

interface Deps {
  settings: EditableSettings
  database: Database
  audit: Pick<Audit, 'record'>
}

/** The key alone: a value may be a secret, and is in the settings anyway. */
const recorder =
  ({ audit }: Deps) =>
  (trx: Trx, key: string, { principal, address, userAgent }: RequestContext): Promise<void> =>
    audit.record(trx, { type: 'setting_changed', who: principal, address, userAgent, resource: `setting:${key}` })

/** Name, time zone and currency of the home. Three rows that change together. */
function homeRoutes(deps: Deps): Route[] {
  const { settings, database } = deps
  const record = recorder(deps)
  const read = (): HomeSettings => ({
    homeName: settings.get(homeName),
    timeZone: settings.get(homeTimeZone),
    currency: settings.get(homeCurrency),
  })
  return [
    route({
      method: 'GET',
      path: '/api/settings/home',
      summary: 'Name, time zone and currency of the home.',
      needs: 'signed-in',
      limit: 'general',
      reply: homeSettings,
      run: async () => read(),
    }),
    route({
      method: 'PUT',
      path: '/api/settings/home',
      summary: 'Changes name, time zone and currency of the home.',
      needs: 'system.edit',
      limit: 'general',
      body: homeSettings,
      reply: homeSettings,
      async run({ body, request }) {
        await database.transaction(async (trx) => {
          await settings.set(homeName, body.homeName, trx)
          await settings.set(homeTimeZone, body.timeZone, trx)
          await settings.set(homeCurrency, body.currency, trx)
          await record(trx, 'home', request)
        })
        return read()
      },
    }),
  ]
}

/** Every setting that a person may change, and home's three. */
export function settingsRoutes(deps: Deps): Route[] {
  const { settings, database } = deps
  const record = recorder(deps)
  return [
    ...homeRoutes(deps),
    route({
      method: 'GET',
      path: '/api/settings',
      summary: 'Every setting with what it means, what it may be, and who decides it.',
      needs: 'system.view',
      limit: 'general',
      reply: settingsReply,
      run: async () => ({ settings: settings.list() }),
    }),
    route({
      method: 'PUT',
      path: '/api/settings/:key',
      summary: 'Changes one setting, or puts it back to its first value.',
      needs: 'system.edit',
      limit: 'general',
      sudo: true,
      params: settingParams,
      body: changeSettingBody,
      reply: settingEntry,
      async run({ params: { key }, body, request }) {
        if (('value' in body && body.value !== undefined) === (body.reset === true))
          throw new LaresError('invalid', 'Send either a value or reset, not both.')
        await database.transaction(async (trx) => {
          if (body.reset) await settings.reset(key, trx)
          else await settings.change(key, body.value, trx)
          await record(trx, key, request)
        })
        return settings.describe(key)
      },
    }),
  ]
}
