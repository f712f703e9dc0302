// Runs one test file in a process group of its own, so that whatever it leaves behind can be ended with it.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { productEnvironment } from '../bootstrap/node-version.mjs'
import { inRoot, root } from '../bootstrap/places.mjs'
import { isOurs } from './our-variables.mjs'

const TIMEOUT_MS = 10 * 60_000
const KEPT_CHARACTERS = 30_000
const REPORTER = inRoot('scripts', 'testing', 'reporter.mjs')

const running = new Set()

export function endAllRunning() {
  for (const child of running) endGroup(child)
}

/** Never rejects: a file that crashes, hangs or has no test in it is a failed one. */
export async function runFile(file) {
  const startedMs = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'lares-test-'))
  const reportFile = join(folder, 'report.jsonl')
  try {
    const ending = await runProcess(file, folder, reportFile)
    const tests = readReport(reportFile)
    const seconds = (performance.now() - startedMs) / 1000
    return { file, seconds, words: ending.words, tests: [...tests, ...failuresOfTheFile(ending, tests)] }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

function runProcess(file, folder, reportFile) {
  return new Promise((resolve) => {
    const flags = ['--disable-warning=ExperimentalWarning', `--test-reporter=${REPORTER}`]
    const child = spawn(process.execPath, [...flags, `--test-reporter-destination=${reportFile}`, file], {
      cwd: root,
      env: { ...environmentOfTests(), TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    running.add(child)
    let words = ''
    let timedOut = false
    const keep = (chunk) => {
      words = (words + chunk.toString()).slice(-KEPT_CHARACTERS)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const timer = setTimeout(() => {
      timedOut = true
      endGroup(child)
    }, TIMEOUT_MS)
    child.once('error', (error) => resolve({ words: error.message, code: 1, signal: null, timedOut }))
    child.once('exit', () => endGroup(child))
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      running.delete(child)
      resolve({ words, code, signal, timedOut })
    })
  })
}

/** What the product reads comes from the test alone, and npm's own names mean nothing to a test. */
function environmentOfTests() {
  const kept = Object.entries(productEnvironment()).filter(
    ([name]) => !isOurs(name) && !/^(npm_|NODE_TEST_CONTEXT|NODE_OPTIONS)/.test(name),
  )
  return Object.fromEntries(kept)
}

function endGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody of the group is left.
  }
}

function readReport(file) {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parseLine).filter(Boolean)
  } catch {
    return []
  }
}

function parseLine(line) {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // the last line of a process that was killed while it wrote
  }
}

function failuresOfTheFile({ code, signal, timedOut }, tests) {
  const failed = (failure) => [{ outcome: 'failed', name: 'the file as a whole', failure }]
  if (timedOut) return failed(`did not end within ${TIMEOUT_MS / 60_000} minutes; something in it keeps running`)
  if (signal) return failed(`was ended by ${signal}`)
  if (code !== 0 && !tests.some(({ outcome }) => outcome === 'failed')) return failed(`ended with code ${code}`)
  return tests.every(({ note }) => note) ? failed('has no test in it') : []
}
