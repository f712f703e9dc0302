import { createPasswordHasher } from '../../appliance/src/accounts/passwords/password-hash.ts'
import type { Passkey, PasskeyChallenge } from '../../appliance/src/api/accounts.ts'
import { createHttpsClient, type Answer, type HttpsClient } from '../harness/https-client.ts'
import { PASSWORD, type Access } from './access.ts'
import type { Authenticator } from './authenticator.ts'

/** The box under a name instead of its number address, as passkeys need it. */
export const namedOrigin = (at: Access): string => at.origin.replace('127.0.0.1', 'localhost')

/** Browsers that open the box under its name; close them with `closeAll`. */
export function createNamedBrowsers(): { open(at: Access): HttpsClient; closeAll(): void } {
  const browsers: HttpsClient[] = []
  return {
    open(at) {
      const browser = createHttpsClient(namedOrigin(at), () => at.tls.rootPem())
      browsers.push(browser)
      return browser
    },
    closeAll() {
      for (const browser of browsers.splice(0)) browser.close()
    },
  }
}

/** An account without a second factor, as an import makes it; the password is PASSWORD. */
export async function addPerson(at: Access, username: string, role: string): Promise<void> {
  const passwordHash = await createPasswordHasher().hash(PASSWORD)
  await at.accounts.importUsers([{ username, displayName: username, role, passwordHash }])
}

export const codeOf = (answer: Answer): unknown => answer.json().error_code

/** Makes a passkey for whoever is signed in there; the second factor has to be fresh. */
export async function addPasskey(at: Access, browser: HttpsClient, phone: Authenticator): Promise<Passkey> {
  const asked = await browser.must<PasskeyChallenge>('POST', '/api/me/passkeys/begin')
  const passkey = phone.create(asked, namedOrigin(at))
  return browser.must<Passkey>('POST', '/api/me/passkeys', { passkey, name: 'My phone' })
}

export interface AuditRow {
  type: string
  severity: string
  user_id: string | null
  resource: string | null
  details: Record<string, unknown>
}

/** The record of who did what, oldest first; notes that wait are written first. */
export async function readAudit(at: Access, ...types: string[]): Promise<AuditRow[]> {
  await at.audit.stop()
  const rows = await at.database.reader.selectFrom('audit').selectAll().orderBy('id').execute()
  return rows
    .filter(({ type }) => types.includes(type))
    .map(({ type, severity, user_id, resource, details }) => {
      return { type, severity, user_id, resource, details: JSON.parse(details) as Record<string, unknown> }
    })
}
