import { z } from 'zod'
import { epochMs, id } from './common.ts'

/** How far an amount of energy can be trusted. */
export const ENERGY_QUALITIES = ['measured', 'estimated', 'gap', 'counter-reset'] as const
export const energyQuality = z.enum(ENERGY_QUALITIES)
export type EnergyQuality = z.infer<typeof energyQuality>

export const powerCurveQuery = z.strictObject({ hours: z.coerce.number().int().min(1).max(48).default(24) })

export const powerCurvePoint = z
  .strictObject({
    at: epochMs.describe('Beginning of the slot.'),
    meanMw: z.int().nullable().describe('Null: nothing is known of this time.'),
    maxMw: z.int().nullable(),
    energyMwh: z.int(),
    quality: z.array(energyQuality).describe('Everything that is true of some reading in the slot.'),
  })
  .meta({ id: 'PowerCurvePoint' })
export type PowerCurvePoint = z.infer<typeof powerCurvePoint>

export const powerCurve = z
  .strictObject({
    plugId: id,
    from: epochMs,
    to: epochMs,
    stepMs: z.int(),
    points: z.array(powerCurvePoint),
    energyMwh: z.int().describe('Used in this time, as far as it is known.'),
  })
  .meta({ id: 'PowerCurve' })
export type PowerCurve = z.infer<typeof powerCurve>
