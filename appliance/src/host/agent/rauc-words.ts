import { z } from 'zod'
import { LaresError } from '../../core/errors.ts'
import type { BundleFacts, HostProgress, UpdateStatus } from '../protocol/index.ts'

// What RAUC says (1.8 to 1.13), as facts. Nothing here touches the machine.

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')

const Info = z.object({ compatible: z.string(), version: z.string(), description: text })

const Slot = z.object({
  bootname: z.string().nullish(),
  state: z.string(),
  boot_status: z.string().nullish(),
  slot_status: z
    .object({
      bundle: z.object({ version: z.string().nullish() }).nullish(),
      installed: z.object({ timestamp: z.string().nullish() }).nullish(),
    })
    .nullish(),
})
const Status = z.object({
  compatible: z.string(),
  booted: z.string().nullish(),
  boot_primary: z.string().nullish(),
  slots: z.array(z.record(z.string(), Slot)),
})

const isSlot = (name: unknown): name is 'A' | 'B' => name === 'A' || name === 'B'

function parse<T extends z.ZodType>(schema: T, printed: string): z.output<T> {
  try {
    return schema.parse(JSON.parse(printed))
  } catch (cause) {
    throw new LaresError('unavailable', 'RAUC said something that cannot be understood.', {
      code: 'BAD_REPLY',
      cause,
    })
  }
}

/** Of `rauc info --output-format=json`. */
export function readInfo(printed: string): BundleFacts {
  const { version, compatible, description } = parse(Info, printed)
  return { version, compatible, description }
}

/** Of `rauc status --detailed --output-format=json`. Slots without a boot name belong to one that has it and are left out. */
export function readStatus(printed: string): UpdateStatus {
  const { compatible, booted, boot_primary: primary, slots } = parse(Status, printed)
  const all = slots.flatMap((slot) => Object.entries(slot).map(([name, facts]) => ({ name, ...facts })))
  const known = all.flatMap((slot) =>
    isSlot(slot.bootname)
      ? [
          {
            name: slot.bootname,
            booted: slot.state === 'booted',
            version: slot.slot_status?.bundle?.version ?? null,
            installedAt: slot.slot_status?.installed?.timestamp ?? null,
            good: slot.boot_status !== 'bad',
          },
        ]
      : [],
  )
  const running = known.find((slot) => slot.booted)?.name ?? booted
  if (!isSlot(running))
    throw new LaresError('unavailable', 'RAUC does not know which system runs.', { code: 'BAD_REPLY' })
  const first = all.find(({ name }) => name === primary)?.bootname
  const sorted = known.sort((a, b) => a.name.localeCompare(b.name))
  return { compatible, booted: running, primary: isSlot(first) ? first : null, slots: sorted }
}

const STEPS: readonly { is: RegExp; words: string }[] = [
  { is: /^(Verifying signature|Checking bundle)/, words: 'Checking the signature' },
  { is: /^(Copying|Updating|Checking slot)/, words: 'Writing the new system' },
  { is: /^Installing done/, words: 'Finished' },
]

/** Of one line of `rauc install`; null for what says nothing about how far it is. */
export function readProgress(line: string): HostProgress | null {
  const [, percent, what = ''] = /^\s*(\d{1,3})% (.+)$/.exec(line) ?? []
  if (percent === undefined) return null
  const words = STEPS.find(({ is }) => is.test(what))?.words ?? 'Preparing'
  return { part: Math.min(Number(percent), 100) / 100, words }
}

const FAULTS: readonly { is: RegExp; kind: 'invalid' | 'unavailable'; code: string; words: string }[] = [
  {
    is: /compatible mismatch/i,
    kind: 'invalid',
    code: 'UPDATE_OTHER_BOX',
    words: 'This update was made for another kind of box.',
  },
  {
    is: /signature|keyring|certificate|CMS_verify/i,
    kind: 'invalid',
    code: 'UPDATE_UNSIGNED',
    words: 'This update is not signed by whoever makes this system, or was changed on the way.',
  },
  {
    is: /no space left|not enough space|does not fit|too large/i,
    kind: 'unavailable',
    code: 'DISK_FULL',
    words: 'There is no room for the new system.',
  },
  {
    is: /invalid bundle|not a valid bundle|no such file|bundle format/i,
    kind: 'invalid',
    code: 'UPDATE_DAMAGED',
    words: 'This file is no update, or not whole.',
  },
]

/** Why RAUC refused, from everything that it printed. */
export function faultOf(lines: readonly string[]): LaresError {
  // What went well is said too. Junk is told by its wrong size of a signature: that is damage, and no signature.
  const said = lines.filter((line) => !/^rauc-Message|^\s*\d+% /.test(line)).join('\n')
  const damaged = /invalid bundle format/i.test(said) ? FAULTS.find(({ code }) => code === 'UPDATE_DAMAGED') : undefined
  // A program that RAUC needs is missing: nothing that a bundle could be blamed for.
  const isOurs = /failed to execute child process/i.test(said)
  const fault = isOurs ? undefined : (damaged ?? FAULTS.find(({ is }) => is.test(said)))
  if (fault) return new LaresError(fault.kind, fault.words, { code: fault.code })
  const last = /LastError: (.+)/.exec(said)?.[1]
  const words =
    last === undefined ? 'The update could not be installed.' : `The update could not be installed: ${last}.`
  return new LaresError('unavailable', words, { code: 'UPDATE_FAILED' })
}
