import { z } from 'zod'

/** One thing the host agent can do. */
export interface HostCommand<Params extends z.ZodType = z.ZodType, Result extends z.ZodType = z.ZodType> {
  readonly params: Params
  readonly result: Result
  /** Changes the machine: two of these never run at once. */
  readonly changes: boolean
}

export function asks<Params extends z.ZodType, Result extends z.ZodType>(
  params: Params,
  result: Result,
): HostCommand<Params, Result> {
  return { params, result, changes: false }
}

export function changes<Params extends z.ZodType, Result extends z.ZodType>(
  params: Params,
  result: Result,
): HostCommand<Params, Result> {
  return { params, result, changes: true }
}

export const nothing = z.strictObject({})
