import { randomBytes } from 'node:crypto'
import type { HttpsClient } from '../../tests/harness/https-client.ts'
import { setUpHome, type SetUpHome } from '../../tests/harness/setup.ts'

export interface Furniture {
  cameraUrl: string
  plugHosts: readonly string[]
}

/** Goes through setup over the API and adds camera and plugs, as a person would on the phone. */
export async function furnish(
  client: HttpsClient,
  setupCode: string,
  { cameraUrl, plugHosts }: Furniture,
): Promise<SetUpHome> {
  const owner = { username: 'demo', displayName: 'Demo', password: newPassword() }
  const home = await setUpHome(client, setupCode, owner, { homeName: 'Demo home' })
  const source = { kind: 'rtsp', url: cameraUrl }
  const camera = await client.must<{ id: string }>('POST', '/api/cameras', { name: 'Front door', source })
  await client.must('PUT', `/api/cameras/${camera.id}/zones`, demoZones())
  for (const host of plugHosts) await client.must('POST', '/api/plugs', { host })
  return home
}

/** Where the people of the clip walk: the square, and a line across its way in. */
function demoZones(): object {
  const shape = (...pairs: [number, number][]) => pairs.map(([x, y]) => ({ x, y }))
  return {
    zones: [
      {
        ...{ name: 'Square', kind: 'garden', colour: '#3fc46b', loiterS: 10 },
        shape: shape([0.02, 0.35], [0.6, 0.25], [0.75, 0.95], [0.02, 0.95]),
      },
      {
        ...{ name: 'Doorstep', kind: 'entry', colour: '#ff7a2e' },
        shape: shape([0.62, 0.2], [0.98, 0.2], [0.98, 0.95], [0.78, 0.95]),
      },
    ],
    lines: [{ name: 'Way in', from: { x: 0.61, y: 0.22 }, to: { x: 0.77, y: 0.95 } }],
    ...{ ignored: [], motionMasks: [], privacyMasks: [], limits: [], revision: 0 },
  }
}

/** Random, and shaped so that it meets the password rules. */
function newPassword(): string {
  const groups =
    randomBytes(9)
      .toString('base64url')
      .replace(/[-_]/g, 'x')
      .match(/.{1,4}/g) ?? []
  return `Try-7-${groups.join('-')}`
}
