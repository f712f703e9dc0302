import { done, idParams } from '../../api/common.ts'
import * as api from '../../api/people.ts'
import { LaresError } from '../../core/errors.ts'
import { route, type RequestContext, type Route } from '../../http/route.ts'
import type { Invitations } from './invitations.ts'
import type { Asker } from './manage.ts'
import type { People } from './people.ts'
import type { Roles } from './roles.ts'

const view = { needs: 'users.view', limit: 'general' } as const
const edit = { needs: 'users.edit', limit: 'general', sudo: true } as const
/** Whoever holds a link is not signed in yet. */
const invited = { needs: 'sign-in', limit: 'login' } as const

/** The gate lets nobody else through; this only tells the types. */
function askerOf({ principal, address, userAgent }: RequestContext): Asker {
  if (principal) return { principal, address, userAgent }
  throw new LaresError('unauthenticated', 'Please sign in.')
}

const ok = { ok: true } as const

export function peopleRoutes(parts: { people: People; roles: Roles; invitations: Invitations }): Route[] {
  return [...personRoutes(parts.people), ...roleRoutes(parts.roles), ...invitationRoutes(parts.invitations)]
}

function personRoutes(people: People): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/people', summary: 'Everybody who has an account.', ...view },
      reply: api.peopleReply,
      run: async () => ({ people: await people.list() }),
    }),
    route({
      ...{ method: 'GET', path: '/api/people/:id', summary: 'One account.', ...view },
      ...{ params: idParams, reply: api.person },
      run: ({ params }) => people.get(params.id),
    }),
    route({
      ...{ method: 'PATCH', path: '/api/people/:id', summary: 'Changes name, role or cameras; switches on or off.' },
      ...{ ...edit, params: idParams, body: api.changePersonBody, reply: api.person },
      run: ({ params, body, request }) => people.change(askerOf(request), params.id, body),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/people/:id', summary: 'Removes an account and all that is theirs.', ...edit },
      ...{ params: idParams, reply: done },
      run: async ({ params, request }) => {
        await people.remove(askerOf(request), params.id)
        return ok
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/people/:id/reset', summary: 'Gives a temporary password, shown once.', ...edit },
      ...{ params: idParams, body: api.resetPersonBody, reply: api.resetPersonReply },
      run: ({ params, body, request }) => people.reset(askerOf(request), params.id, body),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/people/:id/sessions', summary: 'Signs somebody out everywhere.', ...edit },
      ...{ params: idParams, reply: done },
      run: async ({ params, request }) => {
        await people.endSessions(askerOf(request), params.id)
        return ok
      },
    }),
  ]
}

function roleRoutes(roles: Roles): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/roles', summary: 'The built-in roles and those made here.', ...view },
      reply: api.rolesReply,
      run: async () => ({ roles: await roles.list() }),
    }),
    route({
      ...{ method: 'POST', path: '/api/roles', summary: 'Makes a role.', ...edit },
      ...{ body: api.roleBody, reply: api.roleOfHome },
      run: ({ body, request }) => roles.create(askerOf(request), body),
    }),
    route({
      ...{ method: 'PUT', path: '/api/roles/:id', summary: 'Changes a role made here; who has it signs in again.' },
      ...{ ...edit, params: api.roleParams, body: api.roleBody, reply: api.roleOfHome },
      run: ({ params, body, request }) => roles.change(askerOf(request), params.id, body),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/roles/:id', summary: 'Removes a role that nobody has.', ...edit },
      ...{ params: api.roleParams, reply: done },
      run: async ({ params, request }) => {
        await roles.remove(askerOf(request), params.id)
        return ok
      },
    }),
  ]
}

function invitationRoutes(invitations: Invitations): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/invitations', summary: 'Invitations of the last weeks.', ...view },
      reply: api.invitationsReply,
      run: async () => ({ invitations: await invitations.list() }),
    }),
    route({
      ...{ method: 'POST', path: '/api/invitations', summary: 'Makes a one-time link, shown once.', ...edit },
      ...{ body: api.createInvitationBody, reply: api.createInvitationReply },
      run: ({ body, request }) => invitations.create(askerOf(request), body, request.origin),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/invitations/:id', summary: 'Withdraws an open invitation.', ...edit },
      ...{ params: idParams, reply: done },
      run: async ({ params, request }) => {
        await invitations.withdraw(askerOf(request), params.id)
        return ok
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/invitations/look', summary: 'What a link invites to.', ...invited },
      ...{ body: api.invitationTokenBody, reply: api.invitationLook },
      run: ({ body }) => invitations.look(body.token),
    }),
    route({
      ...{ method: 'POST', path: '/api/invitations/accept/begin', summary: 'Checks name and password.', ...invited },
      ...{ body: api.beginAcceptBody, reply: api.beginAcceptReply },
      run: async ({ body }) => ({ enrolment: await invitations.begin(body) }),
    }),
    route({
      ...{ method: 'POST', path: '/api/invitations/accept', summary: 'Makes the account and signs in.', ...invited },
      ...{ body: api.acceptBody, reply: api.acceptReply },
      async run({ body: { trustDevice = false, ...body }, request }) {
        const { address, userAgent, credentials } = request
        const client = { address, userAgent, deviceToken: credentials.deviceToken }
        const { session, ...reply } = await invitations.accept({ ...body, trusted: trustDevice, client })
        request.setTokens(session.tokens)
        return reply
      },
    }),
  ]
}
