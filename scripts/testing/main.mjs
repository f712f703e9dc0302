// Runs the tests under the product's Node and adds them up. The last line is always `N passed, N failed`.
import { findTests } from './find-tests.mjs'
import { endAllRunning, runFile } from './run-file.mjs'
import { say } from '../bootstrap/say.mjs'

const AT_ONCE = 2
const SHOWN_OUTPUT_LINES = 40

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    endAllRunning()
    process.exit(1)
  })
}

const args = process.argv.slice(2)
const isUnitOnly = args.includes('--unit')
const only = [
  ...args.filter((arg) => !arg.startsWith('--')),
  ...(process.env.LARES_TEST_ONLY ?? '').split(',').filter(Boolean),
]
const { unit, slow, alone } = findTests(only)
const isInClone = process.env.LARES_IN_CLEAN_CLONE === '1'

const results = []
await runAll(unit, AT_ONCE)
if (!isUnitOnly) {
  await runAll(slow, AT_ONCE)
  const toRun = alone.filter((file) => !(isInClone && file.startsWith('tests/clean-clone/')))
  await runAll(toRun, 1)
}
process.exitCode = summarise()

async function runAll(files, atOnce) {
  const waiting = [...files]
  const takeNext = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const result = await runFile(file)
      results.push(result)
      show(result)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, takeNext))
}

function show({ file, seconds, words, tests }) {
  const { passed, failed, skipped } = count(tests)
  const parts = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(Boolean)
  say(`${failed ? '✗' : '✓'} ${file}: ${parts.join(', ')} (${seconds.toFixed(1)} s)`)
  for (const { note } of tests.filter((test) => test.note)) say(`    ${note}`)
  for (const test of tests.filter(({ outcome }) => outcome === 'failed')) say(describeFailure(file, test))
  const lastWords = words.trim().split('\n').slice(-SHOWN_OUTPUT_LINES).join('\n')
  if (failed && lastWords) say(`    what the file printed:\n${indent(lastWords, '    | ')}\n`)
}

function describeFailure(file, { name, line, failure }) {
  return `\n    ✗ ${name}\n      ${file}${line ? `:${line}` : ''}\n${indent(failure, '      ')}\n`
}

function indent(text, by) {
  return text.replace(/^/gm, by)
}

function count(tests) {
  const of = (wanted) => tests.filter(({ outcome }) => outcome === wanted).length
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') }
}

/** Repeats what failed, because the first mention has long scrolled away, and gives the exit code. */
function summarise() {
  const { passed, failed, skipped } = count(results.flatMap(({ tests }) => tests))
  const failures = results.flatMap(({ file, tests }) =>
    tests.filter((t) => t.outcome === 'failed').map((t) => `  ✗ ${file}: ${t.name}`),
  )
  if (failures.length > 0) say(`\nFailed:\n${failures.join('\n')}`)
  if (results.length === 0) say(`\nNo test file matches ${only.join(', ') || 'tests/**/*.test.ts'}.`)
  say(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
  return failed === 0 && passed > 0 ? 0 : 1
}
