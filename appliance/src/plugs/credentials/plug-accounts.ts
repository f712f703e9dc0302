import type { PlugAccountBody } from '../../api/plug-home.ts'
import type { Clock } from '../../core/clock.ts'
import type { SecretBox } from '../../core/crypto.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import type { Database } from '../../db/database.ts'
import type { RequestContext } from '../../http/route.ts'
import type { Recorder } from '../recorder.ts'
import type { AccountCredentials } from '../transports/types.ts'
import { deleteAccount, insertAccount, listAccounts, saveAccount } from './plug-account-store.ts'

export interface PlugAccountsDeps {
  database: Database
  secretBox: SecretBox
  clock: Clock
  log: Log
  recorder: Recorder
  /** Other credentials than before: who waited for them may try. */
  onChanged(): void
}

const MOST_ACCOUNTS = 5
const context = (id: string): string => `plug-account:${id}`

/** The owner's TP-Link accounts, opened in memory; their passwords are never told, shown or logged. */
export class PlugAccounts {
  readonly #deps: PlugAccountsDeps
  #accounts: AccountCredentials[] = []

  constructor(deps: PlugAccountsDeps) {
    this.#deps = deps
  }

  /** One that cannot be opened (another box's key) is left out: typing it again repairs it. */
  async load(): Promise<void> {
    const { database, secretBox, log } = this.#deps
    this.#accounts = []
    for (const { id, sealed } of await listAccounts(database.reader)) {
      try {
        const { username, password } = JSON.parse(secretBox.open(sealed, context(id))) as PlugAccountBody
        this.#accounts.push({ id, user: username, password })
      } catch (error) {
        log.error({ account: id, err: messageOf(error) }, 'A TP-Link account cannot be read')
      }
    }
  }

  /** In the order they are tried. */
  all(): readonly AccountCredentials[] {
    return this.#accounts
  }

  /** Throws `not-found`. */
  get(id: string): AccountCredentials {
    const found = this.#accounts.find((each) => each.id === id)
    if (!found) throw new LaresError('not-found', 'There is no such account.')
    return found
  }

  /** The same e-mail address again is a new password for it. Resolves with its id. */
  async add({ username, password }: PlugAccountBody, by: RequestContext): Promise<string> {
    const { database, secretBox, clock, recorder } = this.#deps
    const known = this.#accounts.find(({ user }) => user.toLowerCase() === username.toLowerCase())
    if (!known && this.#accounts.length >= MOST_ACCOUNTS)
      throw new LaresError('conflict', `There are ${MOST_ACCOUNTS} accounts already. Remove one first.`)
    const now = clock.now()
    const id = known?.id ?? newId(now)
    const stored = { id, sealed: secretBox.seal(JSON.stringify({ username, password }), context(id)) }
    await database.transaction(async (trx) => {
      await (known ? saveAccount : insertAccount)(trx, stored, now)
      await recorder.record(trx, by, { type: 'plug_account_added', resource: `plug-account:${id}` })
    })
    const account = { id, user: username, password }
    this.#accounts = known
      ? this.#accounts.map((each) => (each.id === id ? account : each))
      : [...this.#accounts, account]
    this.#deps.onChanged()
    return id
  }

  async remove(id: string, by: RequestContext): Promise<void> {
    this.get(id)
    await this.#deps.database.transaction(async (trx) => {
      await deleteAccount(trx, id)
      await this.#deps.recorder.record(trx, by, { type: 'plug_account_removed', resource: `plug-account:${id}` })
    })
    this.#accounts = this.#accounts.filter((each) => each.id !== id)
    this.#deps.onChanged()
  }
}
