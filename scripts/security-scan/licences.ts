import { orGood, type ScanFinding } from './finding.ts'

/** CycloneDX, as far as it matters here. */
export interface Sbom {
  components: {
    name: string
    version: string
    licenses?: { license?: { id?: string; name?: string }; expression?: string }[]
  }[]
}

const FREE = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'CC0-1.0',
  'Unlicense',
  'BlueOak-1.0.0',
])
/** Used unchanged or linked as a library; both ask to be named. */
const NAMED_IN_NOTICE = new Set(['MPL-2.0', 'LGPL-3.0-or-later'])
/** Prebuilt parts whose notice is that of the package that brings them. */
const NOTICE_OF: Readonly<Record<string, string>> = { '@img/sharp-libvips-': 'libvips' }

const licencesOf = ({ licenses = [] }: Sbom['components'][number]): string[] =>
  licenses.map(({ license, expression }) => license?.id ?? license?.name ?? expression ?? 'none')

function wordInNotice(name: string): string {
  const found = Object.entries(NOTICE_OF).find(([prefix]) => name.startsWith(prefix))
  return found?.[1] ?? name
}

/** Every licence is one that Lares may ship, and whoever asks to be named is. */
export function scanLicences({ components }: Sbom, notice: string): ScanFinding[] {
  const problems = components.flatMap((component) => {
    const title = `${component.name} ${component.version}`
    const licences = licencesOf(component)
    if (licences.length === 0) return [`${title} says no licence.`]
    return licences.flatMap((licence) => {
      if (FREE.has(licence)) return []
      if (!NAMED_IN_NOTICE.has(licence)) return [`${title} is under ${licence}, which is not on the list.`]
      return notice.includes(wordInNotice(component.name)) ? [] : [`${title} (${licence}) is not named in NOTICE.`]
    })
  })
  return orGood(problems, `${components.length} packages, each under a licence on the list.`)
}
