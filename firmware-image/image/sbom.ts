import { createHash } from 'node:crypto'

/** One thing that is in the image, as CycloneDX 1.5 names it. */
export interface Component {
  readonly type: 'library' | 'application' | 'operating-system'
  readonly name: string
  readonly version: string
  readonly purl?: string | undefined
  readonly 'bom-ref': string
  readonly licenses?: readonly unknown[] | undefined
  readonly properties?: readonly { readonly name: string; readonly value: string }[]
}

interface NpmSbom {
  readonly components?: readonly Partial<Component>[]
}

/** The lines of packages.tsv (name, version, architecture, size in KB, source) as components. */
export function debianComponents(packagesTsv: string): Component[] {
  return packagesTsv
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', version = '', architecture = '', , source = ''] = line.split('\t')
      const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}&distro=trixie`
      const properties = [{ name: 'lares:debian:source', value: source || name }]
      return { type: 'library', name, version, purl, 'bom-ref': purl, properties } as const
    })
}

/** What `npm sbom` says, cut to what really lies in the image. `installed` are `name@version`. */
export function npmComponents(npmSbom: NpmSbom, installed: ReadonlySet<string>): Component[] {
  const found = (npmSbom.components ?? []).filter(
    (component): component is Component =>
      component.name !== undefined && component.version !== undefined && component.purl !== undefined,
  )
  return found
    .filter(({ name, version }) => installed.has(`${name}@${version}`))
    .map(({ name, version, purl, licenses }) => {
      return { type: 'library', name, version, purl, 'bom-ref': purl ?? name, licenses } as const
    })
}

export interface SbomOptions {
  version: string
  debian: readonly Component[]
  npm: readonly Component[]
  sourceDateEpochS: number
}

/** The list of everything inside, the same bytes for the same contents. */
export function sbom({ version, debian, npm, sourceDateEpochS }: SbomOptions): string {
  const components = [...unique(debian), ...unique(npm)]
  const digest = createHash('sha256').update(JSON.stringify(components)).digest('hex')
  const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`
  const lares = { type: 'firmware', name: 'lares', version, 'bom-ref': `lares@${version}` }
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuid}`,
    version: 1,
    metadata: { timestamp: new Date(sourceDateEpochS * 1000).toISOString(), component: lares },
    components,
    dependencies: [{ ref: lares['bom-ref'], dependsOn: components.map((component) => component['bom-ref']) }],
  }
  return `${JSON.stringify(document, null, 1)}\n`
}

/** Sorted; what npm has at several places is one component. */
function unique(components: readonly Component[]): Component[] {
  const byRef = new Map(components.map((component) => [component['bom-ref'], component]))
  return [...byRef.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1))
}
