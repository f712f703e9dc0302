import { z } from 'zod'
import { changes, nothing } from './command.ts'

const underWay = z.strictObject({ underWay: z.literal(true) })

export const powerCommands = {
  'power.restart': changes(nothing, underWay),
  'power.off': changes(nothing, underWay),
  /** Makes the data partition anew at the next start, which begins at once. */
  'factory-reset': changes(nothing, underWay),
}
