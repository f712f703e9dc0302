import { answerIot } from './iot-device.ts'
import { answerSmart } from './smart-device.ts'
import type { EmulatorState } from './types.ts'

/** What the device itself says to a question that was unwrapped. */
export function answerDevice(state: EmulatorState, text: string): string {
  state.counts.questions += 1
  if (state.smart) return answerSmart(state.smart, text)
  if (state.iot) return answerIot(state.iot, text)
  return '{}'
}

/** Whether this question is refused because somebody else took the session. */
export function isForbidden(state: EmulatorState): boolean {
  if (state.forbidNext === 0) return false
  state.forbidNext -= 1
  return true
}
