// What the two commands say to the person who typed them: one calm line per step, with the time that it takes.

/** A reason to end that a person can act on: shown as plain words, without a stack. */
export class Stop extends Error {}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const SPIN_EVERY_MS = 120
const REMIND_EVERY_MS = 20_000

export function say(line) {
  process.stdout.write(`${line}\n`)
}

/** Runs `work` and shows that time passes: a spinner on a terminal, a line now and then in a log. */
export async function withProgress(title, work) {
  const startedMs = performance.now()
  const seconds = () => Math.round((performance.now() - startedMs) / 1000)
  const stopShowing = process.stdout.isTTY ? spin(title, seconds) : remind(title, seconds)
  try {
    const result = await work()
    stopShowing()
    say(`  ✓ ${title} (${seconds()} s)`)
    return result
  } catch (error) {
    stopShowing()
    say(`  ✗ ${title} (${seconds()} s)`)
    throw error
  }
}

function spin(title, seconds) {
  let turn = 0
  const draw = () => process.stdout.write(`\r\x1b[2K  ${SPINNER[turn++ % SPINNER.length]} ${title} … ${seconds()} s`)
  draw()
  const timer = setInterval(draw, SPIN_EVERY_MS)
  return () => {
    clearInterval(timer)
    process.stdout.write('\r\x1b[2K')
  }
}

function remind(title, seconds) {
  say(`  … ${title}`)
  const timer = setInterval(() => say(`    still at it, ${seconds()} s so far`), REMIND_EVERY_MS)
  return () => clearInterval(timer)
}

/** Ends the process the way its outcome deserves; used once, at the top of each command. */
export function endOn(error) {
  const text = error instanceof Stop ? error.message : (error?.stack ?? String(error))
  process.stderr.write(`\n${text}\n`)
  process.exit(1)
}
