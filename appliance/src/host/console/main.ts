import { sleep, systemClock as clock } from '../../core/clock.ts'
import { readReport, sayProblem } from '../first-boot/index.ts'
import { readHotspotState } from '../hotspot/index.ts'
import { readProductWords } from './product-words.ts'
import { screen } from './screen.ts'

/** systemd starts us when a file changed, and does not hear of changes while we draw: we look once more. */
const SETTLE_MS = 1_500
/** Cursor off, default colours, everything away, to the corner. */
const CLEAR = '\u001b[?25l\u001b[0m\u001b[2J\u001b[H'

// For tests alone: another folder instead of the machine.
const root = process.argv[2] ?? '/'

async function draw(): Promise<string> {
  const [product, hotspot, report] = [
    await readProductWords(root),
    await readHotspotState(root),
    await readReport(root),
  ]
  return screen({ product, hotspot, problems: (report?.problems ?? []).map(sayProblem) })
}

let shown = ''
for (let next = await draw(); next !== shown; next = await draw()) {
  shown = next
  process.stdout.write(`${CLEAR}${shown}\n`)
  await sleep(clock, SETTLE_MS)
}
