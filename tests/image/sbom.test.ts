import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { debianComponents, npmComponents, sbom } from '../../firmware-image/image/sbom.ts'

const PACKAGES = 'systemd\t257.8-1~deb13u2\tarm64\t12000\tsystemd\nlibudev1\t257.8-1~deb13u2\tarm64\t300\tsystemd\n'
const NPM = {
  components: [
    { type: 'library', name: 'koa', version: '3.1.0', purl: 'pkg:npm/koa@3.1.0', licenses: [{ license: { id: 'MIT' } }] },
    { type: 'library', name: 'eslint', version: '9.0.0', purl: 'pkg:npm/eslint@9.0.0' },
    { type: 'library', name: 'no-version' },
  ],
} as const

const make = (): string =>
  sbom({
    ...{ version: '1.2.3', sourceDateEpochS: 1_790_000_000 },
    ...{ debian: debianComponents(PACKAGES), npm: npmComponents(NPM, new Set(['koa@3.1.0'])) },
  })

describe('the list of what is inside (SEC-F3)', () => {
  const document = JSON.parse(make()) as {
    bomFormat: string
    specVersion: string
    serialNumber: string
    metadata: { timestamp: string }
    components: { name: string; purl: string; 'bom-ref': string; licenses?: unknown; properties?: unknown }[]
    dependencies: { dependsOn: string[] }[]
  }

  it('names Debian’s packages with their source, and the modules that are really there with their licence', () => {
    assert.deepEqual(
      document.components.map(({ purl }) => purl),
      [
        'pkg:deb/debian/libudev1@257.8-1~deb13u2?arch=arm64&distro=trixie',
        'pkg:deb/debian/systemd@257.8-1~deb13u2?arch=arm64&distro=trixie',
        'pkg:npm/koa@3.1.0',
      ],
    )
    assert.deepEqual(document.components[0]?.properties, [{ name: 'lares:debian:source', value: 'systemd' }])
    assert.deepEqual(document.components[2]?.licenses, [{ license: { id: 'MIT' } }])
  })

  it('is CycloneDX, and every reference leads somewhere', () => {
    assert.equal(document.bomFormat, 'CycloneDX')
    assert.equal(document.specVersion, '1.5')
    assert.match(document.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
    const refs = new Set(document.components.map((component) => component['bom-ref']))
    assert.equal(refs.size, document.components.length)
    assert.ok(document.dependencies[0]?.dependsOn.every((ref) => refs.has(ref)))
  })

  it('is the same for the same contents, and has no time of its own', () => {
    assert.equal(make(), make())
    assert.equal(document.metadata.timestamp, '2026-09-21T14:13:20.000Z')
  })
})
