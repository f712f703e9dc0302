import { z } from 'zod'
import { limitBudgets, USUAL_NUMBERS, type LimitNumbers, type LimitBudgets } from './rate-budgets.ts'

/** As `SettingDefinition` of settings/, which lies above: all-settings.ts lists these, compose.ts reads them. */
interface HttpSetting<T> {
  readonly key: string
  readonly schema: z.ZodType<T>
  readonly initial: T
  readonly words: string
  readonly env: string
}

const many = z.int().min(1).max(100_000)
const BUDGET_IS = 'per address that is not signed in; people and API keys have larger budgets of their own'

export const limitSettings = {
  enabled: {
    key: 'limits.enabled',
    schema: z.boolean(),
    initial: USUAL_NUMBERS.enabled,
    words: 'Whether requests are limited at all. Off: only the growing delays of sign-in remain.',
    env: 'RATE_LIMIT_ENABLED',
  } satisfies HttpSetting<boolean>,
  requestsPerMinute: {
    key: 'limits.requestsPerMinute',
    schema: many,
    initial: USUAL_NUMBERS.requestsPerMinute,
    words: `Requests a minute, ${BUDGET_IS}.`,
    env: 'RATE_LIMIT_REQUESTS_PER_MINUTE',
  } satisfies HttpSetting<number>,
  burst: {
    key: 'limits.burst',
    schema: z.int().min(0).max(100_000),
    initial: USUAL_NUMBERS.burst,
    words: 'How many requests may come on top of those in a busy minute.',
    env: 'RATE_LIMIT_BURST',
  } satisfies HttpSetting<number>,
  mediaRequestsPerMinute: {
    key: 'limits.mediaRequestsPerMinute',
    schema: many,
    initial: USUAL_NUMBERS.mediaRequestsPerMinute,
    words: `Pictures and clips a minute, ${BUDGET_IS}.`,
    env: 'RATE_LIMIT_MEDIA_REQUESTS_PER_MINUTE',
  } satisfies HttpSetting<number>,
  searchRequestsPerMinute: {
    key: 'limits.searchRequestsPerMinute',
    schema: many,
    initial: USUAL_NUMBERS.searchRequestsPerMinute,
    words: `Searches a minute, ${BUDGET_IS}.`,
    env: 'RATE_LIMIT_SEARCH_REQUESTS_PER_MINUTE',
  } satisfies HttpSetting<number>,
  webSocketConnectionsPerMinute: {
    key: 'limits.webSocketConnectionsPerMinute',
    schema: many,
    initial: USUAL_NUMBERS.webSocketConnectionsPerMinute,
    words: `New live connections a minute, ${BUDGET_IS}.`,
    env: 'RATE_LIMIT_WEBSOCKET_CONNECTIONS_PER_MINUTE',
  } satisfies HttpSetting<number>,
} as const

const CONTACT = /^$|^(mailto:[^\s<>@]+@[^\s<>@]+|https:\/\/[^\s<>]+)$/

export const securityContact: HttpSetting<string> = {
  key: 'http.securityContact',
  schema: z.string().max(200).regex(CONTACT, 'is neither empty nor a mailto: or https: address'),
  initial: '',
  words:
    'Where somebody who finds a weakness of this box can reach you, for /.well-known/security.txt: mailto: or https:. Empty: the address of the box.',
  env: 'SECURITY_CONTACT',
}

/** Every setting of this folder. */
export const httpSettings = [...Object.values(limitSettings), securityContact]

interface ReadableSettings {
  get<T>(setting: HttpSetting<T>): T
}

/** The budgets as the settings have them now; made anew only when a number changed. */
export function limitsFromSettings(settings: ReadableSettings): () => LimitBudgets {
  let made: { numbers: string; table: LimitBudgets } | null = null
  return () => {
    const numbers: LimitNumbers = {
      enabled: settings.get(limitSettings.enabled),
      requestsPerMinute: settings.get(limitSettings.requestsPerMinute),
      burst: settings.get(limitSettings.burst),
      mediaRequestsPerMinute: settings.get(limitSettings.mediaRequestsPerMinute),
      searchRequestsPerMinute: settings.get(limitSettings.searchRequestsPerMinute),
      webSocketConnectionsPerMinute: settings.get(limitSettings.webSocketConnectionsPerMinute),
    }
    const key = Object.values(numbers).join(' ')
    if (made?.numbers !== key) made = { numbers: key, table: limitBudgets(numbers) }
    return made.table
  }
}
