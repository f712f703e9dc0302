import { z } from 'zod'
import { epochMs } from './common.ts'

/** What the page needs to say to somebody who types it into a camera. */
export const uploadsReply = z
  .strictObject({
    folder: z.string().describe('Where uploads lie on the box.'),
    ftp: z.strictObject({
      enabled: z.boolean(),
      state: z.enum(['off', 'running', 'failed']),
      problem: z.string().nullable().describe('Why it does not run, in words.'),
      addresses: z.array(z.string()).describe('At which cameras reach the box, likeliest first.'),
      port: z.int(),
      passivePorts: z.string(),
      tls: z.enum(['none', 'possible', 'required']),
    }),
    unknown: z
      .array(z.strictObject({ folder: z.string(), suggestedName: z.string(), files: z.int(), lastAt: epochMs }))
      .describe('Folders that pictures come into, and that no camera has.'),
  })
  .meta({ id: 'Uploads' })
export type UploadsReply = z.infer<typeof uploadsReply>

export const cameraUploadsReply = z
  .strictObject({
    folder: z.string(),
    path: z.string().describe('The folder on the box.'),
    username: z.string().nullable().describe('For FTP; null: it has no password yet.'),
    waiting: z.int().describe('Files that wait for their turn.'),
    lastAt: epochMs.nullable(),
    refused: z
      .array(z.strictObject({ file: z.string(), reason: z.string(), words: z.string(), at: epochMs }))
      .describe('The last files that were not taken, newest first.'),
  })
  .meta({ id: 'CameraUploads' })
export type CameraUploads = z.infer<typeof cameraUploadsReply>

export const ftpPasswordReply = z
  .strictObject({ username: z.string(), password: z.string().describe('Shown this once.') })
  .meta({ id: 'FtpPassword' })
export type FtpPassword = z.infer<typeof ftpPasswordReply>
