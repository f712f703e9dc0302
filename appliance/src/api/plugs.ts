import { z } from 'zod'
import { epochMs, id } from './common.ts'

export const plugReading = z
  .strictObject({
    at: epochMs,
    powerMw: z.int().describe('Milliwatts.'),
    voltageMv: z.int().nullable(),
    currentMa: z.int().nullable(),
    totalWh: z.int().nullable().describe("The plug's own counter."),
  })
  .meta({ id: 'PlugReading' })
export type PlugReading = z.infer<typeof plugReading>

export const plug = z
  .strictObject({
    id,
    name: z.string(),
    model: z.string(),
    host: z.string(),
    mac: z.string(),
    canMeter: z.boolean(),
    reachable: z.boolean().describe('False: everything below is the last known, as old as `seenAt`.'),
    problem: z.string().nullable().describe('In words, while not reachable.'),
    on: z.boolean().nullable(),
    reading: plugReading.nullable(),
    seenAt: epochMs.nullable(),
  })
  .meta({ id: 'Plug' })
export type Plug = z.infer<typeof plug>

export const plugsReply = z.strictObject({ plugs: z.array(plug) }).meta({ id: 'Plugs' })
export const switchPlugBody = z.strictObject({ on: z.boolean() }).meta({ id: 'SwitchPlug' })
export const addPlugBody = z
  .strictObject({
    host: z
      .string()
      .trim()
      .min(1)
      .max(253)
      .describe('Address or name on the home network; `host:port` for another port.'),
  })
  .meta({ id: 'AddPlug' })
/** A strip adds one plug per outlet. */
export const addPlugReply = z.strictObject({ plugs: z.array(plug) }).meta({ id: 'AddPlugReply' })
export const changePlugBody = z.strictObject({ name: z.string().trim().min(1).max(64) }).meta({ id: 'ChangePlug' })
export const discoverPlugsReply = z
  .strictObject({ found: z.int(), added: z.int(), plugs: z.array(plug) })
  .meta({ id: 'DiscoverPlugs' })
