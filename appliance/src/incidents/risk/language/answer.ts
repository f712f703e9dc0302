import { z } from 'zod'
import { LaresError } from '../../../core/errors.ts'
import type { Opinion } from '../combine.ts'

const LONGEST_WORDS = 200

/** What a model has to answer. Its JSON schema goes along with the question, so that a server can enforce it. */
const answer = z.object({
  verdict: z.enum(['confirmed', 'rejected', 'uncertain']),
  risk_score: z.int().min(0).max(100),
  summary: z.string().max(LONGEST_WORDS),
  reason: z.string().max(LONGEST_WORDS),
})

export const ANSWER_SCHEMA: Readonly<Record<string, unknown>> = {
  type: 'object',
  properties: {
    verdict: { type: 'string', enum: ['confirmed', 'rejected', 'uncertain'] },
    risk_score: { type: 'integer', minimum: 0, maximum: 100 },
    summary: { type: 'string', maxLength: LONGEST_WORDS },
    reason: { type: 'string', maxLength: LONGEST_WORDS },
  },
  required: ['verdict', 'risk_score', 'summary', 'reason'],
  additionalProperties: false,
}

const envelope = z.object({
  model: z.string().max(300).optional(),
  choices: z
    .array(z.object({ finish_reason: z.string().nullish(), message: z.object({ content: z.string().nullable() }) }))
    .min(1),
  usage: z.object({ prompt_tokens: z.int().optional(), completion_tokens: z.int().optional() }).nullish(),
})

export interface Answered {
  opinion: Opinion
  summary: string
  model: string | null
  tokensIn: number | null
  tokensOut: number | null
}

const unusable = (words: string): LaresError => new LaresError('invalid', words, { code: 'MODEL_ANSWER' })

function parseJson(text: string, words: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unusable(words)
  }
}

/** Reads a reply of `/v1/chat/completions`. Throws `invalid` MODEL_ANSWER with one sentence for everything else. */
export function readAnswer(body: string): Answered {
  const reply = envelope.safeParse(parseJson(body, 'The language model did not answer in JSON.'))
  const choice = reply.data?.choices[0]
  if (!reply.success || !choice) throw unusable('The language model answered in a form that is not known.')
  if (choice.finish_reason === 'length') throw unusable('The answer of the language model was cut off.')
  const text = withoutThoughts(choice.message.content ?? '')
  const said = answer.safeParse(parseJson(text, 'The language model did not answer as it was asked to.'))
  if (!said.success) throw unusable('The language model did not answer as it was asked to.')
  const { verdict, risk_score: score, summary, reason } = said.data
  const { model, usage } = reply.data
  return {
    opinion: { verdict, score, reason: asWords(reason) || 'The language model gave no reason.' },
    summary: asWords(summary),
    ...{ model: model === undefined ? null : asWords(model) },
    ...{ tokensIn: usage?.prompt_tokens ?? null, tokensOut: usage?.completion_tokens ?? null },
  }
}

/** Some models think aloud before they answer. */
const withoutThoughts = (text: string): string => text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim()

/** One line of plain text: no control, format or unassigned characters. */
const asWords = (text: string): string => text.replace(/[\p{C}\s]+/gu, ' ').trim()
