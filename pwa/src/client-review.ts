// The calls of the pages that review and look back; they come with those pages.
import type { IncidentFilter } from './client.ts'
import { request } from './request.ts'
import type { BulkReview, BulkReviewReply, Heat, LearnedReply, Review, ReviewHistory, ReviewReply } from './wire.ts'
import type { UndoReply } from './wire.ts'

const part = encodeURIComponent

export const reviewIncident = (id: string, body: Review) =>
  request<ReviewReply>('PUT', `/api/incidents/${part(id)}/review`, { body })
export const reviewMany = (body: BulkReview) =>
  request<BulkReviewReply>('POST', '/api/incidents/review', { body, timeoutMs: 30_000 })
export const undoReview = (id: string) => request<UndoReply>('POST', `/api/incidents/reviews/${part(id)}/undo`)
export const readReviews = (id: string) => request<ReviewHistory>('GET', `/api/incidents/${part(id)}/reviews`)
export const readLearned = () => request<LearnedReply>('GET', '/api/incidents/feedback')
export const forgetLearned = (pattern?: string) =>
  request<unknown>('DELETE', `/api/incidents/feedback${pattern === undefined ? '' : `?pattern=${part(pattern)}`}`)
export const readHeat = (filter: Pick<IncidentFilter, 'camera' | 'class'>, weeks: number) =>
  request<Heat>('GET', `/api/incidents/heat?${new URLSearchParams({ ...filter, weeks: String(weeks) }).toString()}`)
