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
  await client.must('POST', '/api/cameras', { name: 'Front door', source: { kind: 'rtsp', url: cameraUrl } })
  for (const host of plugHosts) await client.must('POST', '/api/plugs', { host })
  return home
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
