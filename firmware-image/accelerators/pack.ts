import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { LAYER_FOLDER } from '../../appliance/src/hardware/index.ts'
import { sealDeb, type SealOptions } from '../package/deb.ts'
import type { Architecture } from '../package/targets.ts'
import { packageNameOf, serviceOf, type Layer } from './layers.ts'
import { maintainerScripts } from './maintainer-scripts.ts'
import { readmeText } from './readme.ts'
import { dropInText, pathText, serviceText } from './units.ts'

export interface PackLayerOptions extends Pick<SealOptions, 'sourceDateEpochS' | 'compression'> {
  architecture: Architecture
  version: string
  /** Folder that gets `lares-accelerator-<name>_<version>_<arch>.deb`. */
  outFolder: string
}

const own = (layer: Layer, file: string): string =>
  readFileSync(new URL(`./${layer.name}/${file}`, import.meta.url), 'utf8')

/** Every file of the package but those of dpkg, by path. */
export function filesOf(layer: Layer): Record<string, string> {
  const units = 'usr/lib/systemd/system'
  return {
    [`${units}/${serviceOf(layer)}.service`]: serviceText(layer),
    [`${units}/${serviceOf(layer)}.path`]: pathText(layer),
    [`${units}/lares.service.d/50-accelerator-${layer.name}.conf`]: dropInText(layer),
    // After 60-libedgetpu1-std.rules and 51-hailo-udev.rules of the makers.
    [`usr/lib/udev/rules.d/70-lares-${layer.name}.rules`]: own(layer, 'udev.rules'),
    [`${LAYER_FOLDER.slice(1)}/${layer.name}.json`]: own(layer, 'versions.json'),
    [`usr/share/doc/${packageNameOf(layer)}/README.md`]: readmeText(layer, own(layer, 'versions.json')),
    [`usr/share/doc/${packageNameOf(layer)}/copyright`]: readFileSync(
      new URL('../package/files/copyright', import.meta.url),
      'utf8',
    ),
  }
}

/** Builds one layer's package; returns its path. Two runs over the same sources give the same bytes. */
export function packLayer(layer: Layer, options: PackLayerOptions): string {
  const { architecture, version, outFolder, ...how } = options
  const root = mkdtempSync(join(tmpdir(), 'lares-layer-'))
  try {
    for (const [path, text] of Object.entries(filesOf(layer))) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    const file = join(outFolder, `${packageNameOf(layer)}_${version}_${architecture}.deb`)
    const control = (installedKb: number): string => layerControl(layer, architecture, version, installedKb)
    return sealDeb({ root, file, control, conffiles: [], scripts: maintainerScripts(layer), ...how })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function layerControl(layer: Layer, architecture: Architecture, version: string, installedKb: number): string {
  return [
    `Package: ${packageNameOf(layer)}`,
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    'Maintainer: Lares <lares@localhost>',
    `Installed-Size: ${installedKb}`,
    'Depends: lares, python3, python3-numpy',
    'Section: net',
    'Priority: optional',
    `Description: Lares on ${layer.title}`,
    ' Starts the sidecar that looks at pictures on this chip, gives it the rights to',
    ' the chip and nothing else, and lets "lares doctor" say whether driver, library',
    ' and firmware belong together.',
    ' .',
    ...layer.description.map((line) => ` ${line}`),
    '',
  ].join('\n')
}
