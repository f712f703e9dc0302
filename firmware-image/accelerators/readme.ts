import { layerTableSchema } from '../../appliance/src/hardware/index.ts'
import { modelFolderOf, packageNameOf, pythonFolderOf, serviceOf, type Layer } from './layers.ts'

/** What lies beside the installed package: the pinned versions with their sources, and where the model goes. */
export function readmeText(layer: Layer, versions: string): string {
  const { notShipped, sets } = layerTableSchema.parse(JSON.parse(versions))
  const tables = sets.flatMap(({ title, parts, fix }) => [
    `## ${title}`,
    '',
    ...parts.map(({ name, pinned, source }) => `- ${name} ${pinned}: ${source}`),
    '',
    fix,
    '',
  ])
  return [
    `# ${packageNameOf(layer)}`,
    '',
    notShipped,
    '',
    `Lay the model at \`${modelFolderOf(layer)}/${layer.model}\`: the service \`${serviceOf(layer)}\` starts by itself and Lares`,
    `finds it. Python libraries that Debian does not have go into \`${pythonFolderOf(layer)}\``,
    '(`python3 -m venv --system-site-packages`). `lares doctor` says whether everything belongs together.',
    '',
    ...tables,
  ].join('\n')
}
