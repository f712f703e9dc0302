// The calls of judging and of who is expected. They come with those pages, not with the first load.
import { request } from './request.ts'
import type { Expectation, ExpectationBody, PromptReply } from './wire-risk.ts'

const part = encodeURIComponent

export const readExpectations = () => request<{ expectations: Expectation[] }>('GET', '/api/expectations')
export const addExpectation = (body: ExpectationBody) => request<Expectation>('POST', '/api/expectations', { body })
export const changeExpectation = (id: string, body: ExpectationBody) =>
  request<Expectation>('PUT', `/api/expectations/${part(id)}`, { body })
export const removeExpectation = (id: string) => request<unknown>('DELETE', `/api/expectations/${part(id)}`)
export const readPrompt = (incidentId: string) =>
  request<PromptReply>('GET', `/api/incidents/${part(incidentId)}/prompt`)
