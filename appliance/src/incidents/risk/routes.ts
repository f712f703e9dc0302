import { idParams, done } from '../../api/common.ts'
import { expectation, expectationBody, expectationsReply, languageStatus, promptReply } from '../../api/risk.ts'
import type { PromptReply } from '../../api/risk.ts'
import { maySeeCamera, route, type RequestContext, type Route } from '../../http/route.ts'
import type { Expectations } from './expectations.ts'
import type { Language } from './language/language-loop.ts'

export interface RiskActions {
  expectations: Expectations
  language: Pick<Language, 'status'>
  /** Throws `not-found`. */
  prompt(incidentId: string, visible: ReadonlySet<string> | null): Promise<PromptReply>
}

const NOTHING: ReadonlySet<string> = new Set()

export function riskRoutes({ expectations, language, prompt }: RiskActions): readonly Route[] {
  const edit = { needs: 'system.edit', limit: 'general' } as const
  /** Habits of the house; those about cameras that somebody may not see are left out. */
  const seenBy = ({ principal }: RequestContext) =>
    expectations.list().filter(({ cameras }) => cameras?.some((id) => maySeeCamera(principal, id)) ?? true)
  return [
    route({
      ...{ method: 'GET', path: '/api/expectations', summary: 'Who and what is expected, and when.' },
      ...{ needs: 'incidents.view', limit: 'general', reply: expectationsReply },
      run: ({ request }) => Promise.resolve({ expectations: seenBy(request) }),
    }),
    route({
      ...{ method: 'POST', path: '/api/expectations', summary: 'Expects somebody or something.', ...edit },
      ...{ body: expectationBody, reply: expectation },
      run: ({ body }) => expectations.add(body),
    }),
    route({
      ...{ method: 'PUT', path: '/api/expectations/:id', summary: 'Changes who is expected, and when.', ...edit },
      ...{ params: idParams, body: expectationBody, reply: expectation },
      run: ({ params, body }) => expectations.change(params.id, body),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/expectations/:id', summary: 'Expects them no longer.', ...edit },
      ...{ params: idParams, reply: done },
      run: async ({ params }) => {
        await expectations.remove(params.id)
        return { ok: true as const }
      },
    }),
    route({
      ...{ method: 'GET', path: '/api/risk/language', summary: 'The language model that helps to judge.' },
      ...{ needs: 'system.view', limit: 'general', reply: languageStatus },
      run: () => language.status(),
    }),
    route({
      ...{
        method: 'GET',
        path: '/api/incidents/:id/prompt',
        summary: 'What the language model was sent, word for word.',
      },
      ...{ needs: 'system.view', limit: 'general', params: idParams, reply: promptReply },
      run: ({ params, request }) => prompt(params.id, request.principal === null ? NOTHING : request.principal.cameras),
    }),
  ]
}
