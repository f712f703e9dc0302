import type { TotpEnrolment, User } from '../../appliance/src/api/accounts.ts'
import type { AcceptReply, CreateInvitationReply, InvitationLook, RoleOfHome } from '../../appliance/src/api/people.ts'
import { newId } from '../../appliance/src/core/ids.ts'
import type { TestDatabase } from '../../appliance/src/db/testing.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { totpCode } from '../harness/setup.ts'
import { PASSWORD, type Access } from './access.ts'

/** Somebody who came by invitation, with the browser in which they are signed in. */
export interface Guest {
  user: User
  browser: HttpsClient
  /** null: their role needs none. */
  totpSecret: string | null
}

export const tokenOfLink = (link: string): string => link.split('#')[1] ?? ''

export const invite = (
  by: HttpsClient,
  body: { role: string; displayName?: string; cameras?: string[] | null; hours?: number },
): Promise<CreateInvitationReply> =>
  by.must<CreateInvitationReply>('POST', '/api/invitations', { displayName: 'A guest', ...body })

/** Goes through the link as the app does: look, begin, code, accept. */
export async function accept(at: Access, link: string, username: string): Promise<Guest> {
  const browser = at.browser()
  const token = tokenOfLink(link)
  await browser.must<InvitationLook>('POST', '/api/invitations/look', { token })
  const who = { token, username, displayName: username, password: PASSWORD }
  const { enrolment } = await browser.must<{ enrolment: TotpEnrolment | null }>(
    'POST',
    '/api/invitations/accept/begin',
    who,
  )
  const totpSecret = enrolment?.totpSecret ?? null
  const proof = enrolment && { ticket: enrolment.ticket, code: totpCode(enrolment.totpSecret, at.clock.now()) }
  const { user } = await browser.must<AcceptReply>('POST', '/api/invitations/accept', { ...who, ...proof })
  return { user, browser, totpSecret }
}

/** An account by invitation of whoever is signed in with `by` (with a fresh second factor). */
export async function addGuest(
  at: Access,
  by: HttpsClient,
  guest: { username: string; role: string; cameras?: string[] | null },
): Promise<Guest> {
  const { username, ...invited } = guest
  const { link } = await invite(by, invited)
  return accept(at, link, username)
}

/** Makes the second factor fresh once more; moves the clock on so that the code is a new one. */
export async function freshen(at: Access, { browser, totpSecret }: Guest): Promise<void> {
  await at.clock.advance(30_000)
  await browser.must('POST', '/api/session/sudo', { code: totpCode(totpSecret ?? '', at.clock.now()) })
}

export const makeRole = (by: HttpsClient, name: string, permissions: readonly string[]): Promise<RoleOfHome> =>
  by.must<RoleOfHome>('POST', '/api/roles', { name, permissions })

/** A camera that is switched off: it is there, and no stream is opened. */
export async function addCamera(database: TestDatabase, name: string): Promise<string> {
  const id = newId(1)
  const source = JSON.stringify({ kind: 'file', path: '/nowhere.mp4' })
  await database.writer
    .insertInto('cameras')
    .values({
      ...{ id, name, kind: 'file', source, credentials: null, enabled: 0, classes: '["person"]' },
      ...{ created_at: 1, updated_at: 1 },
    })
    .execute()
  return id
}
