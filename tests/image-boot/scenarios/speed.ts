import { measureBootRatio } from '../boot-ratio.ts'
import { expect, type Scenario } from '../scenario.ts'

const ROUNDS = 2
const MOST = 1.3

export const speed: readonly Scenario[] = [
  {
    id: 'boot-ratio',
    title: 'Boot to HTTPS ÷ boot of the same Debian to login, in the same emulation (goal 1.3)',
    after: ['plug'],
    async run(lab) {
      const { httpsS, loginS, ratio } = await measureBootRatio(lab, ROUNDS)
      lab.figures.boot_ratio = ratio
      const list = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(' and ')
      const fact = `${ratio.toFixed(2)}: ${list(httpsS)} s to a page, ${list(loginS)} s to login with lares.service masked.`
      expect(ratio <= MOST, fact)
      return [fact]
    },
  },
]
