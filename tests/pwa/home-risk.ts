// Judging and who is expected, in the fake home.
import { randomUUID } from 'node:crypto'
import { done, idParams } from '../../appliance/src/api/common.ts'
import type { IncidentDetail } from '../../appliance/src/api/incidents.ts'
import * as api from '../../appliance/src/api/risk.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { find, open, type HomeDeps, type HomeState } from './home-state.ts'

const known = new WeakMap<HomeState, api.Expectation[]>()

export const POST: api.ExpectationBody = {
  ...{ name: 'Post', who: 'visitor', classes: ['person'], cameras: null, from: '10:00', to: '12:30', enabled: true },
  weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
}

/** Who is expected in this home; the post, until a test says otherwise. */
export function expectedIn(state: HomeState): api.Expectation[] {
  const list = known.get(state) ?? [{ ...POST, id: randomUUID(), createdAt: 1 }]
  known.set(state, list)
  return list
}

export const NOT_ASKED: api.LanguageOpinion = {
  ...{ state: 'off', problem: null, summary: null, model: null, promptVersion: null, pictureSent: false },
  ...{ latencyMs: null, tokensIn: null, tokensOut: null, at: null },
}

/** A person at night, judged by the rules; `language` adds what a model said. */
export function nightAssessment(at: number, language: Partial<api.LanguageOpinion> = {}): api.Assessment {
  return {
    ...{ by: language.state === 'answered' ? 'language' : 'rules', at, language: { ...NOT_ASKED, ...language } },
    factors: [
      { code: 'seen', words: 'A person was seen.', points: 24 },
      { code: 'night', words: 'It was night, between 2:00 and 3:00.', points: 22 },
      { code: 'dwell', words: 'Stayed for 74 seconds.', points: 10 },
      { code: 'unusual-hour', words: 'Hardly ever seen here at this hour, between 2:00 and 3:00.', points: 10 },
      { code: 'plug', words: 'Porch light was switched: somebody of the house is about.', points: -3 },
    ],
  }
}

/** What an incident of that night shows. */
export function nightDetail(at: number): Partial<IncidentDetail> {
  return { risk: { score: 63, band: 'high' }, assessment: nightAssessment(at), dwellMs: 74_000 }
}

export function riskRoutes({ state }: HomeDeps): Route[] {
  return [
    route({
      ...{ ...open, method: 'GET', path: '/api/expectations', needs: 'incidents.view', reply: api.expectationsReply },
      run: () => Promise.resolve({ expectations: expectedIn(state) }),
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/expectations', needs: 'system.edit' },
      ...{ body: api.expectationBody, reply: api.expectation },
      run: ({ body }) => {
        const added = { ...body, id: randomUUID(), createdAt: Date.now() }
        expectedIn(state).push(added)
        return Promise.resolve(added)
      },
    }),
    route({
      ...{ ...open, method: 'PUT', path: '/api/expectations/:id', needs: 'system.edit', params: idParams },
      ...{ body: api.expectationBody, reply: api.expectation },
      run: ({ params, body }) => Promise.resolve(Object.assign(find(expectedIn(state), params.id), body)),
    }),
    route({
      ...{
        ...open,
        method: 'DELETE',
        path: '/api/expectations/:id',
        needs: 'system.edit',
        params: idParams,
        reply: done,
      },
      run: ({ params }) => {
        const list = expectedIn(state)
        list.splice(list.indexOf(find(list, params.id)), 1)
        return Promise.resolve({ ok: true as const })
      },
    }),
    route({
      ...{ ...open, method: 'GET', path: '/api/incidents/:id/prompt', needs: 'system.view', params: idParams },
      reply: api.promptReply,
      run: ({ params }) => {
        const { assessment } = find(state.data.incidents, params.id)
        if (assessment?.language.promptVersion == null) throw new LaresError('not-found', 'It was not asked.')
        const prompt = { promptVersion: 'risk-1', system: 'You help a household.', pictureSent: false }
        return Promise.resolve({ ...prompt, text: '<facts>\n{ "camera": "Front door" }\n</facts>' })
      },
    }),
  ]
}
