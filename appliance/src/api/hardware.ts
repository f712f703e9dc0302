import { z } from 'zod'
import { epochMs } from './common.ts'

export const accelerator = z
  .strictObject({
    kind: z.string(),
    name: z.string(),
    present: z.boolean(),
    ready: z.boolean(),
    state: z
      .enum(['present', 'ready', 'chosen', 'failed'])
      .describe(
        'present: found, something is missing. ready: may be used. chosen: looks at the pictures. failed: tried in vain.',
      ),
    hint: z.string().describe('What it is good for.'),
    fix: z.string().nullable().describe('What has to be done before it can be used.'),
  })
  .meta({ id: 'Accelerator' })
export type Accelerator = z.infer<typeof accelerator>

export const decodeBlock = z
  .strictObject({
    kind: z.enum(['v4l2-m2m', 'v4l2-request', 'vaapi', 'nvdec', 'nvmpi', 'rkmpp']),
    name: z.string(),
    codecs: z.array(z.enum(['h264', 'hevc'])),
    node: z.string().describe('Device node, for example /dev/dri/renderD128.'),
    ready: z.boolean(),
    fix: z.string().nullable(),
  })
  .meta({ id: 'DecodeBlock' })
export type DecodeBlock = z.infer<typeof decodeBlock>

export const machineReading = z
  .strictObject({
    at: epochMs,
    temperatures: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        celsius: z.number(),
        limitCelsius: z.number().describe('From here on it is too hot.'),
      }),
    ),
    loads: z.array(z.strictObject({ id: z.string(), name: z.string(), percent: z.number() })),
    throttling: z
      .strictObject({
        underVoltage: z.boolean(),
        isSlowed: z.boolean().describe('Clock lowered: too hot or too little power.'),
        hadUnderVoltage: z.boolean().describe('At least once since the box was switched on.'),
      })
      .nullable()
      .describe('null: this machine does not say.'),
  })
  .meta({ id: 'MachineReading' })
export type MachineReading = z.infer<typeof machineReading>

/** Oldest first. */
export const readingsReply = z.strictObject({ readings: z.array(machineReading) }).meta({ id: 'MachineReadings' })
export type MachineReadings = z.infer<typeof readingsReply>
