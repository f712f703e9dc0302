import type { z } from 'zod'

export interface PlainIssue {
  /** For example `body.source.url`. */
  path: string
  /** Goes after the name of the value: `must be a number`. */
  message: string
}

type Issue = z.core.$ZodIssue

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'an object',
}

function sizeWords(origin: string, limit: number | bigint, least: boolean): string {
  const unit = origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : ''
  if (least && limit === 1 && unit !== '') return 'must not be empty'
  const verb = unit === '' ? 'be' : 'have'
  return `must ${verb} at ${least ? 'least' : 'most'} ${limit}${unit}`
}

/** What is wrong with one value, in words that finish a sentence about it. */
function plainMessage(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      // Zod says "received undefined" for what was left out; the value itself is not in the issue.
      if (/received undefined/.test(issue.message)) return 'is missing'
      return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`
    case 'too_small':
      return sizeWords(issue.origin, issue.minimum, true)
    case 'too_big':
      return sizeWords(issue.origin, issue.maximum, false)
    case 'unrecognized_keys':
      return `has unknown names: ${issue.keys.join(', ')}`
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return `is not a valid ${issue.format === 'regex' ? 'value' : issue.format}`
    default:
      return issue.message.replace(/^[A-Z]/, (letter) => letter.toLowerCase())
  }
}

/** The first twenty things that are wrong, each with where it is. */
export function plainIssues(where: string, error: z.ZodError): PlainIssue[] {
  return error.issues.slice(0, 20).map((issue) => ({
    path: [where, ...issue.path.map(String)].join('.'),
    message: plainMessage(issue),
  }))
}
