// Kill -9 in the middle of telling, 200 times: whether every alert that was committed reaches every phone, whether an older
// state ever stands where a newer one was sent, and whether the database stays whole.
import { crashOften } from '../alerts/crash/crashes.ts'
import { isQuick, report } from './report.ts'

const KILLS = isQuick ? 12 : 200

const figures = await crashOften(KILLS, (done) => {
  if (done % 20 === 0) process.stderr.write(`${done} of ${KILLS}\n`)
})

report({
  bench: 'crash',
  figures: { ...figures },
  goals: {
    ...(!isQuick && { kills: { atLeast: 200 } }),
    ...{ lost: { atMost: 0 }, corrupt: { atMost: 0 }, stale: { atMost: 0 }, visible_twice: { atMost: 0 } },
  },
  conditions: {
    life: 'a random time up to 0.5 s after the start of sending',
    told: 'three states of a new incident every 30 ms, to 3 phones whose service takes 5 to 65 ms',
    checked: 'the whole database after every 20th kill and at the end',
  },
})
