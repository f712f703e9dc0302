import { z } from 'zod'
import { id } from './common.ts'
import { brightnessPercent, plugName } from './plugs.ts'

export const room = z.strictObject({ id, name: z.string() }).meta({ id: 'Room' })
export type Room = z.infer<typeof room>

export const plugGroup = z.strictObject({ id, name: z.string(), plugIds: z.array(id) }).meta({ id: 'PlugGroup' })
export type PlugGroup = z.infer<typeof plugGroup>

export const sceneStep = z
  .strictObject({
    plugId: id,
    on: z.boolean(),
    brightness: brightnessPercent.nullable().describe('Null: as it is.'),
  })
  .meta({ id: 'SceneStep' })
export type SceneStep = z.infer<typeof sceneStep>
export const plugScene = z.strictObject({ id, name: z.string(), steps: z.array(sceneStep) }).meta({ id: 'PlugScene' })
export type PlugScene = z.infer<typeof plugScene>

/** How the plugs are arranged: rooms in their order, groups and scenes by name. */
export const plugHome = z
  .strictObject({ rooms: z.array(room), groups: z.array(plugGroup), scenes: z.array(plugScene) })
  .meta({ id: 'PlugHome' })
export type PlugHome = z.infer<typeof plugHome>

const MOST_PLUGS = 300
const unique = (ids: readonly string[]): boolean => new Set(ids).size === ids.length

export const roomBody = z.strictObject({ name: plugName }).meta({ id: 'RoomBody' })
export const roomOrderBody = z
  .strictObject({ ids: z.array(id).max(100).refine(unique, 'Each room once.') })
  .meta({ id: 'RoomOrder' })
export const groupBody = z
  .strictObject({ name: plugName, plugIds: z.array(id).min(1).max(MOST_PLUGS).refine(unique, 'Each plug once.') })
  .meta({ id: 'PlugGroupBody' })
export type GroupBody = z.infer<typeof groupBody>
export const sceneBody = z
  .strictObject({
    name: plugName,
    steps: z
      .array(sceneStep)
      .min(1)
      .max(MOST_PLUGS)
      .refine((steps) => unique(steps.map(({ plugId }) => plugId)), 'Each plug once.'),
  })
  .meta({ id: 'PlugSceneBody' })
export type SceneBody = z.infer<typeof sceneBody>

/** What came of it for each plug: one that does not answer keeps no other from following. */
export const togetherReply = z
  .strictObject({
    results: z.array(z.strictObject({ plugId: id, name: z.string(), ok: z.boolean(), problem: z.string().nullable() })),
  })
  .meta({ id: 'PlugsTogether' })
export type TogetherReply = z.infer<typeof togetherReply>

/** A TP-Link account that newer plugs ask for on the home network. The password is never told. */
export const plugAccount = z
  .strictObject({ id, username: z.string(), devices: z.int().describe('How many devices accepted it.') })
  .meta({ id: 'PlugAccount' })
export type PlugAccount = z.infer<typeof plugAccount>
export const plugAccountsReply = z.strictObject({ accounts: z.array(plugAccount) }).meta({ id: 'PlugAccounts' })
export const plugAccountBody = z
  .strictObject({
    username: z.string().trim().min(3).max(128).describe('The e-mail address, written as in the TP-Link app.'),
    password: z.string().min(1).max(128),
  })
  .meta({ id: 'PlugAccountBody' })
export type PlugAccountBody = z.infer<typeof plugAccountBody>
export const testPlugAccountReply = z
  .strictObject({
    results: z.array(
      z.strictObject({ name: z.string(), host: z.string(), ok: z.boolean(), problem: z.string().nullable() }),
    ),
  })
  .meta({ id: 'TestPlugAccount' })
export type TestPlugAccountReply = z.infer<typeof testPlugAccountReply>
