import { isAbsolute } from 'node:path'
import { z } from 'zod'
import type { SettingDefinition } from '../../settings/index.ts'
import { isIPv4 } from 'node:net'

const isTimeZone = (name: string): boolean =>
  name === '' || (/^[A-Za-z]/.test(name) && Intl.supportedValuesOf('timeZone').concat('UTC').includes(name))

export const uploadFolder: SettingDefinition<string> = {
  key: 'uploads.folder',
  schema: z
    .string()
    .trim()
    .max(1_024)
    .refine((path) => path === '' || (isAbsolute(path) && !path.includes('\0')), 'is not a whole path beginning with /')
    .refine((path) => !/^\/+[^/]*\/*$/.test(path), 'is too near to the root of the disk: name a folder of its own'),
  initial: '',
  words: 'Folder into which cameras send pictures, one folder a camera inside; empty: uploads in the data folder.',
  env: 'FOSCAM_BASE_PATH',
}

export const polling: SettingDefinition<boolean> = {
  key: 'uploads.polling',
  schema: z.boolean(),
  initial: false,
  words: 'Look for new pictures at intervals instead of being told by the system: for folders on a network drive.',
  env: 'FILE_WATCHER_POLLING',
}

export const pollIntervalS: SettingDefinition<number> = {
  key: 'uploads.pollIntervalS',
  schema: z.number().min(0.1).max(30),
  initial: 1,
  words: 'Seconds between two looks at the folder when it is polled.',
  env: 'FILE_WATCHER_POLLING_INTERVAL',
}

export const settleS: SettingDefinition<number> = {
  key: 'uploads.settleS',
  schema: z.number().min(0.2).max(60),
  initial: 2,
  words: 'Seconds for which a file must not have grown before it is read. Pictures sent by FTP are read at once.',
}

export const duplicateWindowS: SettingDefinition<number> = {
  key: 'uploads.duplicateWindowS',
  schema: z.int().min(60).max(3_600),
  initial: 300,
  words: 'Seconds within which the very same picture from the same camera counts once.',
}

export const cameraTimeZone: SettingDefinition<string> = {
  key: 'uploads.timeZone',
  schema: z.string().max(64).refine(isTimeZone, 'is not a known time zone, for example Europe/Berlin'),
  initial: '',
  words: 'Time zone of the times that cameras write into names of files; empty: that of the home.',
  env: 'CAMERA_TIMEZONE',
}

export const largestMb: SettingDefinition<number> = {
  key: 'uploads.largestMb',
  schema: z.int().min(1).max(4_096),
  initial: 200,
  words: 'Megabytes that one picture or clip of a camera may have.',
}

export const keepDays: SettingDefinition<number> = {
  key: 'uploads.keepDays',
  schema: z.int().min(0).max(365),
  initial: 7,
  words: 'Days after which what cameras sent is deleted from the upload folder; incidents keep their own pictures.',
}

export const mostGb: SettingDefinition<number> = {
  key: 'uploads.mostGb',
  schema: z.number().min(0.1).max(1_000),
  initial: 5,
  words: 'Gigabytes that the upload folder may hold; beyond that the oldest files go first.',
}

export const CLEAN_UP = ['own', 'always', 'never'] as const
export const cleanUp: SettingDefinition<(typeof CLEAN_UP)[number]> = {
  key: 'uploads.cleanUp',
  schema: z.enum(CLEAN_UP),
  initial: 'own',
  words: 'Where old uploads are deleted: only in the box’s own folder, in any upload folder, or nowhere.',
}

export const ftpEnabled: SettingDefinition<boolean> = {
  key: 'ftp.enabled',
  schema: z.boolean(),
  initial: false,
  words: 'Take pictures in by FTP. Off until you switch it on.',
}

export const ftpPort: SettingDefinition<number> = {
  key: 'ftp.port',
  schema: z.int().min(1).max(65_535),
  initial: 2_121,
  words: 'Port of the FTP server. Ports below 1024, such as the usual 21, need more rights.',
}

export const ftpRequireTls: SettingDefinition<boolean> = {
  key: 'ftp.requireTls',
  schema: z.boolean(),
  initial: false,
  words: 'Take FTP only encrypted (explicit TLS). Many cameras cannot do that.',
}

const RANGE = /^(\d{4,5})-(\d{4,5})$/

export function passiveRange(text: string): { from: number; to: number } | null {
  const [from = 0, to = 0] = (RANGE.exec(text)?.slice(1) ?? []).map(Number)
  return from >= 1_024 && to <= 65_535 && to - from >= 3 ? { from, to } : null
}

export const ftpPassivePorts: SettingDefinition<string> = {
  key: 'ftp.passivePorts',
  schema: z.string().refine((text) => passiveRange(text) !== null, 'is not a range such as 50000-50049, from 1024 up'),
  initial: '50000-50049',
  words: 'Ports for the data connections of FTP: what a firewall has to let through besides the port itself.',
}

export const ftpPublicAddress: SettingDefinition<string> = {
  key: 'ftp.publicAddress',
  schema: z.string().refine((text) => text === '' || isIPv4(text), 'is not an IPv4 address'),
  initial: '',
  words: 'IPv4 address told to cameras for data connections; empty: the one they reached. Needed in containers.',
}

export const ftpMostPerAddress: SettingDefinition<number> = {
  key: 'ftp.mostPerAddress',
  schema: z.int().min(1).max(64),
  initial: 8,
  words: 'FTP connections that one address may have at once.',
}

export const ftpQuotaMb: SettingDefinition<number> = {
  key: 'ftp.quotaMb',
  schema: z.int().min(10).max(1_000_000),
  initial: 2_000,
  words: 'Megabytes that one camera’s folder may hold before FTP takes no more.',
}

export const cameraSettings = [
  ...[uploadFolder, polling, pollIntervalS, settleS, duplicateWindowS, cameraTimeZone, largestMb],
  ...[keepDays, mostGb, cleanUp],
  ...[ftpEnabled, ftpPort, ftpRequireTls, ftpPassivePorts, ftpPublicAddress, ftpMostPerAddress, ftpQuotaMb],
] as const
