import { accountSettings } from './accounts/index.ts'
import { visionSettings } from './vision/index.ts'
import { homeDefinitions, type AnySetting } from './settings/index.ts'

/** Every setting of the product, for main.ts, tests and the reference. */
export const allSettings: readonly AnySetting[] = [...homeDefinitions, ...accountSettings, ...visionSettings]
