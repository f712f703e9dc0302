import { generateSync } from 'otplib'
import type { BeginSetupReply, FinishSetupReply } from '../../appliance/src/api/setup.ts'
import type { HttpsClient } from './https-client.ts'

export interface SetUpHome {
  username: string
  password: string
  totpSecret: string
  recoveryCodes: string[]
}

export const OWNER = { username: 'ada', displayName: 'Ada', password: 'Correct-Horse-42-Battery' } as const

/** The six digits an authenticator app would show at `atMs`. */
export function totpCode(secret: string, atMs = Date.now()): string {
  return generateSync({ secret, epoch: Math.floor(atMs / 1000) })
}

/** Goes through setup over the API with the code of the console; the client is signed in afterwards. */
export async function setUpHome(
  client: HttpsClient,
  setupCode: string,
  owner: { username: string; displayName: string; password: string } = OWNER,
  home: { homeName?: string; timeZone?: string; currency?: string } = {},
): Promise<SetUpHome> {
  const { totpSecret } = await client.must<BeginSetupReply>('POST', '/api/setup/begin', { setupCode, ...owner })
  const { recoveryCodes } = await client.must<FinishSetupReply>('POST', '/api/setup/finish', {
    setupCode,
    code: totpCode(totpSecret),
    homeName: 'Test home',
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    ...home,
  })
  return { username: owner.username, password: owner.password, totpSecret, recoveryCodes }
}

/** A page of Playwright or of puppeteer. */
interface AnyPage {
  evaluate(run: (body: string) => Promise<number>, body: string): Promise<number>
}

/**
 * Signs in in the browser that shows a page of the box, with a recovery code that is used up by it. A session belongs to
 * the browser that opened it: cookies carried over from another one end it (SEC-A8).
 */
export async function signInOnPage(page: AnyPage, { username, password, recoveryCodes }: SetUpHome): Promise<void> {
  const body = JSON.stringify({ username, password, code: recoveryCodes.pop() })
  const status = await page.evaluate(async (body) => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch('/api/session', { method: 'POST', headers, body })).status
  }, body)
  if (status !== 200) throw new Error(`Signing in on the page answered ${status}`)
}
