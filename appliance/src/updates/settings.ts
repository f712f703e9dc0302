import { z } from 'zod'
import type { SettingDefinition } from '../settings/types.ts'

export const feedAddress: SettingDefinition<string> = {
  key: 'updates.feed',
  schema: z
    .string()
    .trim()
    .max(2_000)
    .refine((text) => text === '' || /^https:\/\/[^\s/]+/.test(text), 'is not an address that begins with https://'),
  initial: '',
  words:
    'Address of a list of new versions, asked once a day. Whoever keeps it learns the address of your home and that Lares runs there. Empty: nobody is asked.',
}

export const installAtNight: SettingDefinition<boolean> = {
  key: 'updates.atNight',
  schema: z.boolean(),
  initial: false,
  words:
    'Install new versions from that list by themselves, between 3 and 4 at night: security updates of the whole system come that way. What does not prove itself is taken back.',
}

export const updateSettings = [feedAddress, installAtNight] as const
