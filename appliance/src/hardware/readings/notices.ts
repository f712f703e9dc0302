import type { Notices } from '../../health/types.ts'
import type { MachineReading } from '../types.ts'

const LINK = '/more/hardware'
const HEAT = 'hardware.heat'
const POWER = 'hardware.power'
/** Once said, it has to be this much cooler before it is taken back. */
const COOLER_C = 5
/** Readings in a row before it is said: a minute's work at full speed is no trouble. */
const IN_A_ROW = 2

export interface MachineNotices {
  judge(reading: MachineReading): void
}

/** Tells the owner when the machine is too hot, slowed down or short of power, and takes it back when that is over. */
export function createMachineNotices(notices: Pick<Notices, 'raise' | 'clear'>): MachineNotices {
  let hotInARow = 0
  let isTold = false

  function judgeHeat({ temperatures, throttling }: MachineReading): void {
    const hot = temperatures.find(({ celsius, limitCelsius }) => celsius >= limitCelsius - (isTold ? COOLER_C : 0))
    // A Pi that lacks power is slowed down too: then that is the thing to say.
    const isSlowed = throttling !== null && throttling.isSlowed && !throttling.underVoltage
    hotInARow = hot || isSlowed ? hotInARow + 1 : 0
    if (hotInARow === 0) {
      isTold = false
      notices.clear(HEAT)
    } else if (hotInARow >= IN_A_ROW) {
      isTold = true
      const what = hot ? `${hot.name}: ${Math.round(hot.celsius)} °C. ` : ''
      const detail = `${what}A machine that is too hot works more slowly and sees less. Give it air, or a fan.`
      notices.raise({ id: HEAT, level: 'warning', title: 'The box is too hot', detail, link: LINK })
    }
  }

  function judgePower({ throttling }: MachineReading): void {
    if (!throttling?.underVoltage) return notices.clear(POWER)
    const detail =
      'Its voltage drops, which slows it down and may damage the memory card. Use the maker’s own power supply and a short cable.'
    notices.raise({ id: POWER, level: 'warning', title: 'The power supply of the box is too weak', detail, link: LINK })
  }

  return {
    judge(reading) {
      judgeHeat(reading)
      judgePower(reading)
    },
  }
}
