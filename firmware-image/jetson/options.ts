import { parseArgs } from 'node:util'
import { BOOT_VARIABLES } from '../../appliance/src/boot-config.ts'
import type { Medium } from './releases.ts'
import { JetsonStop } from './stop.ts'

export interface JetsonOptions {
  /** NVIDIA's `Linux_for_Tegra`, unpacked by the owner. */
  l4t: string
  /** NVIDIA's sample root file system, as it was downloaded. */
  rootfs: string
  /** Packages to install: lares, and accelerator layers if wanted. */
  debs: readonly string[]
  /** Folder for the image. */
  out: string
  board: string
  /** null: only the tree is made ready. */
  medium: Medium | null
  /** The module is connected in recovery mode and may be written now. */
  flash: boolean
  /** File with lines for /etc/lares/lares.conf, or null. */
  settings: string | null
  hostname: string
  /** A user made by NVIDIA's tool instead of by the questions of the first boot, or null. */
  user: { name: string; passwordFile: string } | null
  /** What lies in `rootfs/` may be deleted although this builder did not put it there. */
  fresh: boolean
}

const HOSTNAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const USER = /^[a-z][a-z0-9-]{0,30}$/
const BOARD = /^[a-z0-9][a-z0-9-]*$/
const MEDIA: readonly Medium[] = ['sd', 'usb', 'nvme']

const OPTIONS = {
  l4t: { type: 'string' },
  rootfs: { type: 'string' },
  deb: { type: 'string', multiple: true },
  out: { type: 'string', default: '.out' },
  board: { type: 'string', default: 'jetson-orin-nano-devkit-super' },
  to: { type: 'string' },
  flash: { type: 'boolean', default: false },
  settings: { type: 'string' },
  hostname: { type: 'string', default: 'lares' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  'accept-nvidia-license': { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
} as const

/** Reads the command line; throws one sentence for whatever is wrong with it. */
export function readOptions(args: readonly string[]): JetsonOptions {
  const values = parse(args)
  const { l4t, rootfs, deb = [], to } = values
  if (l4t === undefined || rootfs === undefined || deb.length === 0)
    throw new JetsonStop('Needed are --l4t FOLDER, --rootfs FILE and --deb FILE; docs/guide/jetson.md shows them.')
  if (to !== undefined && !MEDIA.includes(to as Medium))
    throw new JetsonStop(`--to takes ${MEDIA.join(', ')}, not ${to}.`)
  if (values.flash && to !== 'nvme')
    throw new JetsonStop('--flash goes with --to nvme: cards and sticks are written from the image.')
  if (!BOARD.test(values.board)) throw new JetsonStop(`${values.board} is no name of a board.`)
  if (!HOSTNAME.test(values.hostname)) throw new JetsonStop('--hostname takes small letters, digits and dashes.')
  return {
    ...{ l4t, rootfs, debs: deb, out: values.out, board: values.board, hostname: values.hostname },
    ...{ medium: (to as Medium | undefined) ?? null, flash: values.flash, fresh: values.fresh },
    ...{ settings: values.settings ?? null, user: readUser(values) },
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values
  } catch (error) {
    throw new JetsonStop(error instanceof Error ? error.message : 'The command line cannot be read.')
  }
}

/** Making a user skips NVIDIA's first boot questions, and with them the consent to NVIDIA's licence: it is asked for here. */
function readUser(values: ReturnType<typeof parse>): JetsonOptions['user'] {
  const { user: name, 'password-file': passwordFile } = values
  if (name === undefined && passwordFile === undefined) return null
  if (name === undefined || passwordFile === undefined)
    throw new JetsonStop('--user and --password-file go together. Without both, the first boot asks.')
  if (!USER.test(name) || name === 'root') throw new JetsonStop(`${name} cannot be the name of a user.`)
  if (!values['accept-nvidia-license'])
    throw new JetsonStop(
      'A user made here skips the page with NVIDIA’s licence: read it, then add --accept-nvidia-license.',
    )
  return { name, passwordFile }
}

/** Lines for lares.conf, checked as the box would check them at its start. Throws for the first that it would refuse. */
export function readSettings(text: string): string {
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const [, name = '', value = ''] = /^([A-Z_]+)=(.*)$/.exec(line) ?? []
    const variable = (
      BOOT_VARIABLES as Record<string, { schema: { safeParse(value: unknown): { success: boolean } } }>
    )[name]
    if (!variable) throw new JetsonStop(`${line} is no setting of lares.conf; man lares lists them.`)
    if (/[\s$`"'\\;&|<>()]/.test(value)) throw new JetsonStop(`${name}: only plain values, without quotes and blanks.`)
    if (!variable.schema.safeParse(value).success) throw new JetsonStop(`${name} cannot be ${value}.`)
  }
  return text.endsWith('\n') ? text : `${text}\n`
}
