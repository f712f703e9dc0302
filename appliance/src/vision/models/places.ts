import { fileURLToPath } from 'node:url'

/** Where the default model lies once it was built: beside the source, shared by all data folders of this installation. */
export const DEFAULT_MODEL_FILE = fileURLToPath(
  new URL('../../../../.cache/models/centernet_mb3_512.onnx', import.meta.url),
)
