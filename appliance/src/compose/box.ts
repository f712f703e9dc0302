import { createBackup } from '../backup/index.ts'
import { createBox } from '../box/index.ts'
import { VERSION } from '../core/version.ts'
import type { Route } from '../http/index.ts'
import { createNetwork } from '../network/index.ts'
import { databaseFileIn } from '../open-home.ts'
import type { Tls } from '../tls/index.ts'
import { createUpdates, type Fitness } from '../updates/index.ts'
import type { Ground } from './ground.ts'
import type { Sight } from './sight.ts'

/** How the box is in the home network, and changing that. */
function networkRoutes({ audit, log, host }: Ground, tls: Tls): readonly Route[] {
  return createNetwork({ host, audit, log, addresses: () => tls.addresses() }).routes
}

/** How well the home is seen and looked at, to be compared before and after an update. */
async function fitnessOf({ cameras, vision }: Sight): Promise<Fitness> {
  const live = (await cameras.list()).filter(({ state }) => state === 'live')
  const { state, inferenceMsP50 } = vision.detector()
  return {
    liveCameras: live.map(({ id, name }) => ({ id, name })),
    detectorMs: state === 'ready' ? inferenceMsP50 : null,
  }
}

/** What is done to the box itself: new systems, restart, the way back to a new one. */
export function composeBox(ground: Ground, sight: Sight, tls: Tls) {
  const { config, home, leave } = ground
  const deps = { ...ground, ...home, version: VERSION }
  const databaseFile = databaseFileIn(home.dataDir)
  const updates = createUpdates({
    ...{ ...deps, databaseFile, fitness: () => fitnessOf(sight) },
    cameraIds: async () => new Set((await sight.cameras.list()).map(({ id }) => id)),
  })
  const outside = [config.tls.certDir, config.tls.certPath].filter((place) => place !== undefined)
  const box = createBox({ ...deps, outside, leave })
  const backup = createBackup({ ...deps, databaseFile })
  const routes = [...updates.routes, ...box.routes, ...networkRoutes(ground, tls)]
  return { parts: [updates, box, backup], late: [updates, box, backup], routes }
}
