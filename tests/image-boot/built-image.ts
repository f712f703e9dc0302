import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LabOptions } from './lab.ts'

/** The image that `npm run image` built last. Throws when there is none. */
export function findImage(repository: string): string {
  const image = join(repository, '.out', 'image', 'lares.img')
  if (!existsSync(image)) throw new Error(`There is no ${image}. Build it with: npm run image -- --bundle`)
  return image
}

/** Keys with which this machine signs updates to try out; null when there are none. */
export function findSigning(repository: string, folder?: string): LabOptions['signing'] {
  const place = folder ?? join(repository, '.cache', 'image', 'test-keys')
  const keys = {
    key: join(place, 'signer.key'),
    cert: join(place, 'signer.pem'),
    keyring: join(place, 'authority.pem'),
  }
  return Object.values(keys).every((file) => existsSync(file)) ? keys : null
}
