// Where things lie in the repository.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
export const inRoot = (...parts) => join(root, ...parts)
export const defaultModelFile = inRoot('.cache', 'models', 'centernet_mb3_512.onnx')
