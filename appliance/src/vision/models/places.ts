import { basename, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CATALOGUE_DEFAULT } from './catalogue.ts'

/** Where the default model lies once it was built: beside the source, shared by all data folders of this installation. */
export const DEFAULT_MODEL_FILE = fileURLToPath(
  new URL('../../../../.cache/models/centernet_mb3_512.onnx', import.meta.url),
)

export interface ModelPlaces {
  dataDir: string
  /** The built-in model's file. */
  defaultModelFile: string
}

export function modelsFolder({ dataDir }: Pick<ModelPlaces, 'dataDir'>): string {
  return join(dataDir, 'models')
}

/** Where the file of a model lies or would lie. `wanted` is a name, or a path when it looks like one. */
export function fileOfModel(places: ModelPlaces, wanted: string): string {
  if (wanted === CATALOGUE_DEFAULT.name) return places.defaultModelFile
  const isPath = isAbsolute(wanted) || wanted.includes('/') || wanted.endsWith('.onnx')
  return isPath ? resolve(wanted) : join(modelsFolder(places), `${wanted}.onnx`)
}

/** Name to show for a wanted model: paths are cut to their file name. */
export function nameOfModel(wanted: string): string {
  return basename(wanted, '.onnx')
}
