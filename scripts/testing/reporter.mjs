// A node:test reporter for our own runner: one JSON line per test that has an outcome of its own.
import { inspect } from 'node:util'

/** What the test runner says at its end; we count ourselves. */
const OWN_COUNTS = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/

export default async function* report(source) {
  const path = []
  for await (const { type, data } of source) {
    if (type === 'test:diagnostic' && !OWN_COUNTS.test(data.message))
      yield `${JSON.stringify({ note: data.message })}\n`
    if (type === 'test:start') path.splice(data.nesting, path.length, data.name)
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const outcome = outcomeOf(type, data)
    if (!outcome) continue
    const name = [...path.slice(0, data.nesting), data.name].join(' › ')
    const failure = outcome === 'failed' ? wordsOf(data.details.error) : undefined
    yield `${JSON.stringify({ outcome, name, line: data.line, seconds: data.details.duration_ms / 1000, failure })}\n`
  }
}

/** Suites and tests that only failed because of a test inside them have no outcome of their own. */
function outcomeOf(type, data) {
  const isSkipped = data.skip !== undefined || data.todo !== undefined
  if (data.details.type === 'suite') return isSkipped ? 'skipped' : hookFailed(type, data) && 'failed'
  if (isSkipped) return 'skipped'
  if (type === 'test:pass') return 'passed'
  return data.details.error?.failureType === 'subtestsFailed' ? undefined : 'failed'
}

function hookFailed(type, data) {
  return type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed'
}

/** What was thrown, without the test runner's own lines. */
function wordsOf(error) {
  const thrown = error?.cause ?? error
  if (!(thrown instanceof Error)) return inspect(thrown)
  const lines = thrown.stack.split('\n').filter((line) => !/^\s+at .*\(?node:/.test(line))
  const reason = thrown.cause === undefined ? '' : `\ncaused by ${wordsOf(thrown.cause)}`
  return lines.join('\n') + reason
}
