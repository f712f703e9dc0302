import type { Scenario } from '../scenario.ts'
import { cardSettings } from './card-settings.ts'
import { closed } from './closed.ts'
import { encryptedData } from './encrypted-data.ts'
import { factoryReset } from './factory-reset.ts'
import { firstEvening } from './first-evening.ts'
import { powerCuts } from './power-cuts.ts'
import { speed } from './speed.ts'
import { updates } from './updates.ts'
import { withoutBoot } from './without-boot.ts'

/** In the order in which they run: each goes on with the card as the one before left it. */
export const SCENARIOS: readonly Scenario[] = [
  ...withoutBoot,
  ...firstEvening,
  ...powerCuts,
  ...closed,
  ...updates,
  ...speed,
  ...factoryReset,
  ...encryptedData,
  ...cardSettings,
]
