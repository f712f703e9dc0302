import {
  channelSettings,
  type AlertChannel,
  type ChangeChannel,
  type ChannelSettingsById,
  type SetUpChannelId,
  SET_UP_CHANNELS,
} from '../../api/channels.ts'
import type { Clock } from '../../core/clock.ts'
import type { SecretBox } from '../../core/crypto.ts'
import { LaresError } from '../../core/errors.ts'
import type { Database, Db, Trx } from '../../db/database.ts'
import { checkInput } from '../../http/validate.ts'
import { listChannels, saveChannel, type StoredChannel } from './channel-store.ts'

/** How a channel is set up, with its secret in the open: for the channel alone. */
export interface SetUpChannel<Id extends SetUpChannelId> {
  enabled: boolean
  settings: ChannelSettingsById[Id]
  secret: string | null
  /** Who set it up: what is done from a notice there is done in their name. */
  changedBy: string | null
}

export interface ChannelBook {
  load(): Promise<void>
  /** null: not set up. From memory. */
  get<Id extends SetUpChannelId>(id: Id): SetUpChannel<Id> | null
  /** As `get`, and null while it is switched off. */
  working<Id extends SetUpChannelId>(id: Id): SetUpChannel<Id> | null
  list(stateOf: (id: SetUpChannelId) => string | null): Promise<AlertChannel[]>
  /** Throws `invalid`, and then nothing changed. */
  change(trx: Trx, id: SetUpChannelId, change: ChangeChannel, by: string): Promise<void>
  onChange(id: SetUpChannelId, listener: () => void): () => void
}

const SHORTEST_KEY = 16
const contextOf = (id: SetUpChannelId): string => `channel:${id}`

/** Where a channel leads. A stored secret stays where it was given for. */
const placeOf = (id: SetUpChannelId, settings: ChannelSettingsById[SetUpChannelId]): string => {
  if (id === 'email') return `${(settings as ChannelSettingsById['email']).host}`
  if (id === 'ntfy') return new URL((settings as ChannelSettingsById['ntfy']).server).host
  return new URL((settings as ChannelSettingsById['webhook']).url).host
}

export interface ChannelBookDeps {
  database: Database
  secretBox: SecretBox
  clock: Clock
}

export function createChannelBook({ database, secretBox, clock }: ChannelBookDeps): ChannelBook {
  const known = new Map<SetUpChannelId, SetUpChannel<SetUpChannelId>>()
  const listeners = new Map<SetUpChannelId, Set<() => void>>()

  function read(row: StoredChannel): SetUpChannel<SetUpChannelId> {
    return {
      enabled: row.enabled,
      settings: channelSettings(row.id).parse(JSON.parse(row.settings)),
      secret: row.secret === null ? null : secretBox.open(row.secret, contextOf(row.id)),
      changedBy: row.changedBy,
    }
  }

  function get<Id extends SetUpChannelId>(id: Id): SetUpChannel<Id> | null {
    return (known.get(id) as SetUpChannel<Id> | undefined) ?? null
  }

  async function save(db: Db, id: SetUpChannelId, channel: SetUpChannel<SetUpChannelId>): Promise<void> {
    const { enabled, secret, changedBy } = channel
    const sealed = secret === null ? null : secretBox.seal(secret, contextOf(id))
    const row = { id, enabled, settings: JSON.stringify(channel.settings), secret: sealed, changedBy }
    await saveChannel(db, { ...row, lastSentAt: null, problem: null }, clock.now())
  }

  return {
    get,
    working(id) {
      const channel = get(id)
      return channel?.enabled ? channel : null
    },
    async load() {
      known.clear()
      for (const row of await listChannels(database.reader)) known.set(row.id, read(row))
    },
    async list(stateOf) {
      const rows = await listChannels(database.reader)
      return SET_UP_CHANNELS.map((id) => {
        const row = rows.find((each) => each.id === id)
        return asShown(id, get(id), row, stateOf(id))
      })
    },
    async change(trx, id, change, by) {
      const channel = changed(id, get(id), change, by)
      await save(trx, id, channel)
      database.afterCommit(trx, () => {
        known.set(id, channel)
        for (const listener of listeners.get(id) ?? []) listener()
      })
    },
    onChange(id, listener) {
      const all = listeners.get(id) ?? new Set()
      listeners.set(id, all.add(listener))
      return () => void all.delete(listener)
    },
  }
}

/** How a channel is, without its secret. */
function asShown(
  id: SetUpChannelId,
  channel: SetUpChannel<SetUpChannelId> | null,
  row: StoredChannel | undefined,
  state: string | null,
): AlertChannel {
  const asSetUp = { settings: channel?.settings ?? null, enabled: channel?.enabled ?? false }
  const { lastSentAt = null, problem = null } = row ?? {}
  return { id, ...asSetUp, hasSecret: channel?.secret != null, lastSentAt, problem, state } as AlertChannel
}

/** Throws `invalid` for settings of another channel, a secret that would go elsewhere, or a key that anybody guesses. */
function changed(
  id: SetUpChannelId,
  before: SetUpChannel<SetUpChannelId> | null,
  { enabled, settings: given, secret: typed }: ChangeChannel,
  by: string,
): SetUpChannel<SetUpChannelId> {
  const settings = checkInput('body', channelSettings(id), given) as ChannelSettingsById[SetUpChannelId]
  if (typed === undefined && before?.secret != null && placeOf(id, before.settings) !== placeOf(id, settings))
    throw invalid('secret', 'It leads to another server now: type the password, key or token again.')
  const secret = typed === undefined ? (before?.secret ?? null) : typed
  if (id === 'webhook' && (secret === null || secret.length < SHORTEST_KEY))
    throw invalid('secret', 'The key that signs has 16 characters or more.')
  return { enabled, settings, secret, changedBy: by }
}

function invalid(path: string, words: string): LaresError {
  return new LaresError('invalid', words, { details: { issues: [{ path, message: words }] } })
}
