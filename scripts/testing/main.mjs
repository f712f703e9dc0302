// Runs the tests under the product's Node and adds them up. The last line is always `N passed, N failed`.
import { findTests } from './find-tests.mjs'
import { endAllRunning, runFile } from './run-file.mjs'
import { say } from '../bootstrap/say.mjs'

const AT_ONCE = 2
/** More files than this that fail are no accident of a busy machine. */
const MOST_SECOND_LOOKS = 3
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
const unsteady = []
await runAll(unit, AT_ONCE)
if (!isUnitOnly) {
  await runAll(slow, AT_ONCE)
  const toRun = alone.filter((file) => !(isInClone && file.startsWith('tests/clean-clone/')))
  await runAll(toRun, 1)
  await lookAgain([...slow, ...toRun])
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

/**
 * Real browsers and whole products on two shared cores: a file of those that failed runs once more, with the machine for
 * itself. One that passes then is named as unsteady at the end, with its first failure above: a fault to mend, but not
 * one of the change under test. Unit tests get no second look.
 */
async function lookAgain(files) {
  const failed = results.filter((result) => files.includes(result.file) && count(result.tests).failed > 0)
  if (failed.length === 0 || failed.length > MOST_SECOND_LOOKS) return
  say('\nA second look, one by one, at what failed:')
  for (const first of failed) {
    const second = await runFile(first.file)
    show(second)
    if (count(second.tests).failed > 0) continue
    results[results.indexOf(first)] = second
    unsteady.push(
      ...first.tests.filter(({ outcome }) => outcome === 'failed').map(({ name }) => `${first.file}: ${name}`),
    )
  }
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
  if (unsteady.length > 0)
    say(
      `\nUnsteady (failed at first, passed alone; each wants mending):\n${unsteady.map((each) => `  ~ ${each}`).join('\n')}`,
    )
  if (results.length === 0) say(`\nNo test file matches ${only.join(', ') || 'tests/**/*.test.ts'}.`)
  say(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
  return failed === 0 && passed > 0 ? 0 : 1
}
