import { join } from 'node:path'
import { readIfThere } from '../../core/disk.ts'
import type { AgentGround, Handler } from './types.ts'

const VERSION_FILE = 'usr/share/lares/image-version'
/** The first file system says that it found no partition for data that it could use. */
const DEGRADED_FILE = 'run/lares-degraded'
/** The initramfs says which of the two systems it started. */
const SLOT_FILE = 'run/lares-slot'

export function aboutHandler({ root, features }: AgentGround): Handler<'about'> {
  return async () => {
    const imageVersion = await readWord(join(root, VERSION_FILE))
    const slot = await readWord(join(root, SLOT_FILE))
    return {
      kind: imageVersion === null ? 'package' : 'image',
      imageVersion,
      slot: slot === 'A' || slot === 'B' ? slot : null,
      inMemoryOnly: (await readIfThere(join(root, DEGRADED_FILE))) !== null,
      features: [...features],
    }
  }
}

async function readWord(file: string): Promise<string | null> {
  return (await readIfThere(file))?.trim() || null
}
