import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { notChecked, orGood, type ScanFinding } from './finding.ts'

const STATUS = 'var/lib/dpkg/status'

const field = (paragraph: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.+)$`, 'm').exec(paragraph)?.[1]

function versionsIn(text: string): Map<string, string> {
  const paragraphs = text.split(/\n\n+/).filter((each) => !/^Status: (?!install ok installed)/m.test(each))
  return new Map(
    paragraphs.flatMap((each) => {
      const [name, version] = [field(each, 'Package'), field(each, 'Version')]
      return name !== undefined && version !== undefined ? [[name, version] as const] : []
    }),
  )
}

const isNewer = (one: string, other: string): boolean =>
  spawnSync('dpkg', ['--compare-versions', one, 'gt', other]).status === 0

/**
 * The Debian packages of an image against those of Debian's security archive, by apt's lists: what is newer there was mended
 * for a reason. `lists`: a folder with `*security*_Packages`, as `apt-get update` leaves them.
 */
export function scanDebian(image: string, lists = join(image, 'var/lib/apt/lists')): ScanFinding[] {
  const status = join(image, STATUS)
  if (!existsSync(status)) return [notChecked(`${image} holds no Debian (${STATUS}).`)]
  const names = existsSync(lists) ? readdirSync(lists).filter((name) => /security.*_Packages$/.test(name)) : []
  if (names.length === 0)
    return [notChecked(`No lists of Debian's security archive in ${lists}: run apt-get update there.`)]
  const installed = versionsIn(readFileSync(status, 'utf8'))
  const problems = names.flatMap((name) =>
    [...versionsIn(readFileSync(join(lists, name), 'utf8'))].flatMap(([pack, fixed]) => {
      const has = installed.get(pack)
      return has !== undefined && isNewer(fixed, has)
        ? [`${pack} ${has} in the image, ${fixed} in the security archive.`]
        : []
    }),
  )
  return orGood(problems, `${installed.size} Debian packages, none older than in the security archive.`)
}
