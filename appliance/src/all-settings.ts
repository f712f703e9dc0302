import { accountSettings } from './accounts/index.ts'
import { alertSettings } from './alerts/index.ts'
import { backupSettings } from './backup/index.ts'
import { cameraSettings } from './cameras/index.ts'
import { httpSettings } from './http/index.ts'
import { incidentSettings } from './incidents/index.ts'
import { modeSettings } from './modes/index.ts'
import { plugSettings } from './plugs/index.ts'
import { remoteSettings } from './remote-access/index.ts'
import { setupSettings } from './setup/index.ts'
import { homeDefinitions, type AnySetting } from './settings/index.ts'
import { tlsDefinitions } from './tls/index.ts'
import { updateSettings } from './updates/index.ts'
import { visionSettings } from './vision/index.ts'

/** Every setting of the product, for main.ts, tests and the reference. */
export const allSettings: readonly AnySetting[] = [
  ...homeDefinitions,
  ...accountSettings,
  ...setupSettings,
  ...httpSettings,
  ...tlsDefinitions,
  ...alertSettings,
  ...backupSettings,
  ...cameraSettings,
  ...incidentSettings,
  ...modeSettings,
  ...plugSettings,
  ...remoteSettings,
  ...updateSettings,
  ...visionSettings,
]
