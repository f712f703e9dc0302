import { homeSettings, type HomeSettings } from '../api/system.ts'
import type { Database } from '../db/index.ts'
import { route, type Route } from '../http/route.ts'
import { homeCurrency, homeName, homeTimeZone } from './catalogue.ts'
import type { Settings } from './types.ts'

/** Name, time zone and currency of the home. Three rows that change together. */
export function settingsRoutes({ settings, database }: { settings: Settings; database: Database }): Route[] {
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
      async run({ body }) {
        await database.transaction(async (trx) => {
          await settings.set(homeName, body.homeName, trx)
          await settings.set(homeTimeZone, body.timeZone, trx)
          await settings.set(homeCurrency, body.currency, trx)
        })
        return read()
      },
    }),
  ]
}
