import { LaresError } from '../core/errors.ts'

const KEY_NAMES: ReadonlySet<string> = new Set(['api_key', 'apikey', 'api-key', 'x-api-key', 'key'])

/**
 * Addresses end up in histories, logs and referrers: a key in one is refused wherever it leads, so that whoever tries it
 * learns at once to send the header (SEC-A11). Throws `invalid` API_KEY_IN_QUERY; the message holds nothing of it.
 */
export function refuseKeyInQuery(querystring: string): void {
  if (querystring === '') return
  for (const name of new URLSearchParams(querystring).keys())
    if (KEY_NAMES.has(name.trim().toLowerCase()))
      throw new LaresError('invalid', 'An API key belongs into the header X-API-Key, never into an address.', {
        code: 'API_KEY_IN_QUERY',
      })
}
