import { orGood, type ScanFinding } from './finding.ts'

interface LockedPackage {
  /** Only where it differs from the folder. */
  name?: string
  resolved?: string
  integrity?: string
  link?: boolean
  hasInstallScript?: boolean
}

export interface Lockfile {
  packages: Record<string, LockedPackage>
}

const REGISTRY = 'https://registry.npmjs.org/'

/** Every package comes from the one registry with a SHA-512, and none may run a script while it is installed. */
export function scanLockfile(
  title: string,
  lock: Lockfile,
  allowScripts: Readonly<Record<string, boolean>>,
): ScanFinding[] {
  const fetched = Object.entries(lock.packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && link !== true,
  )
  const problems = fetched.flatMap(([path, { name, resolved, integrity, hasInstallScript }]) => {
    const wrong: string[] = []
    // Left out in our lockfiles (.npmrc): then it is whatever registry npm is set to.
    if (resolved !== undefined && !resolved.startsWith(REGISTRY)) wrong.push(`comes from ${resolved}`)
    if (!integrity?.startsWith('sha512-')) wrong.push('has no SHA-512')
    // Under an alias the folder has another name than the package.
    const bare = name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    if (hasInstallScript && allowScripts[bare] !== false) wrong.push('has an install script that nobody switched off')
    return wrong.map((words) => `${title}: ${path} ${words}`)
  })
  return orGood(problems, `${title}: ${fetched.length} packages, each with its SHA-512.`)
}
