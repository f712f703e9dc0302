import { z } from 'zod'

const pattern = z.string().refine((text) => {
  try {
    return new RegExp(text).source !== ''
  } catch {
    return false
  }
}, 'is no pattern')

/** One way to learn an installed version. Each reads files only, and needs no rights. */
const readSchema = z.union([
  z.strictObject({ module: z.string().describe('Loaded kernel module; its own word for its version.') }),
  z.strictObject({ package: z.string().describe('Installed Debian package; its version without epoch and revision.') }),
  z.strictObject({ library: z.string().describe('Shared library; the version that its file name ends in.') }),
  z.strictObject({
    python: z.string().describe('Python distribution, of Debian, of pip, or of the layer’s own environment.'),
  }),
  z.strictObject({ file: z.string().startsWith('/'), pattern: pattern.describe('Its groups, joined with dots.') }),
])

const partSchema = z.strictObject({
  name: z.string().describe('In an owner’s words: driver, library, firmware.'),
  pinned: z
    .string()
    .regex(/^\d+(\.\d+)*$/)
    .describe('The version that the layer was written for.'),
  /**
   * `same`: has to be that of every other part with this rule. `family`: has to begin with the pinned one.
   * `atLeast`: that one or a newer one.
   */
  rule: z.enum(['same', 'family', 'atLeast']),
  /** Only this much of a version is compared, for parts that number their last places each for itself. */
  places: z.number().int().min(1).max(4).default(4),
  /** Whether nothing works without it; what is not needed is judged only where it is found. */
  isNeeded: z.boolean().default(true),
  reads: z.array(readSchema).min(1).describe('Tried in this order; the first that finds a version counts.'),
  source: z.string().describe('Where the pinned version was read.'),
})

const setSchema = z.strictObject({
  title: z.string().describe('The chip, or the chip and the system it runs with.'),
  chips: z.strictObject({
    pci: z.array(z.string().regex(/^[\da-f]{4}:[\da-f]{4}$/)).optional(),
    usb: z.array(z.string().regex(/^[\da-f]{4}:[\da-f]{4}$/)).optional(),
    compatible: z.array(z.string()).optional(),
    /** Only with this major release of Jetson Linux. */
    jetsonRelease: z.string().optional(),
  }),
  parts: z.array(partSchema).min(1),
  fix: z.string().describe('One sentence: what to type to get the pinned versions.'),
})

/** Which versions of driver, library and firmware of one accelerator belong together. */
export const layerTableSchema = z.strictObject({
  accelerator: z.enum(['hailo', 'coral', 'rockchip', 'jetson']),
  title: z.string(),
  /** What its maker does not let others hand on, and where it comes from instead. */
  notShipped: z.string(),
  sets: z.array(setSchema).min(1),
})

export type LayerTable = z.infer<typeof layerTableSchema>
export type LayerSet = LayerTable['sets'][number]
export type LayerPart = LayerSet['parts'][number]
export type VersionRead = LayerPart['reads'][number]
