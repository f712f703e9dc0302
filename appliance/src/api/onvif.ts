import { z } from 'zod'
import { epochMs } from './common.ts'

/** Why a device cannot be asked by ONVIF; the app has a remedy for each. */
export const ONVIF_PROBLEMS = [
  'wrong-address',
  'unreachable',
  'not-onvif',
  'wrong-password',
  'clock-wrong',
  'refused',
  'locked-out',
  'bad-answer',
  'too-slow',
  'no-streams',
] as const

export const foundCamera = z
  .strictObject({
    address: z.string().describe('IP address; together with the port it stands for the device in this scan.'),
    how: z.enum(['onvif', 'rtsp', 'http']).describe('The best way to it: ONVIF knows its streams by itself.'),
    onvif: z.string().nullable().describe('Address of its device service.'),
    rtspPort: z.int().nullable(),
    httpPort: z.int().nullable(),
    name: z.string(),
    maker: z.string(),
    model: z.string(),
    cameraId: z.string().nullable().describe('The camera of this box that has this address already.'),
  })
  .meta({ id: 'FoundCamera' })
export type FoundCamera = z.infer<typeof foundCamera>

export const cameraScan = z
  .strictObject({
    state: z.enum(['idle', 'running', 'done', 'failed']),
    startedAt: epochMs.nullable(),
    asked: z.int().describe('Addresses asked so far.'),
    total: z.int(),
    networks: z.array(z.string()).describe('What is looked through, such as 192.168.1.0/24.'),
    tooLarge: z.array(z.string()).describe('Networks too large to be asked address by address; only called.'),
    found: z.array(foundCamera),
    problem: z.string().nullable(),
  })
  .meta({ id: 'CameraScan' })
export type CameraScan = z.infer<typeof cameraScan>

export const discoverCamerasBody = z
  .strictObject({
    hosts: z.array(z.string().trim().min(1).max(253)).max(32).optional().describe('Addresses to ask besides.'),
  })
  .meta({ id: 'DiscoverCameras' })
export type DiscoverCameras = z.infer<typeof discoverCamerasBody>

export const onvifBody = z
  .strictObject({
    address: z.string().trim().min(1).max(1_000).describe('Such as 192.168.1.20, or of its device service.'),
    username: z.string().max(256),
    password: z.string().max(256),
  })
  .meta({ id: 'OnvifLogin' })
export type OnvifLogin = z.infer<typeof onvifBody>

export const onvifStream = z
  .strictObject({
    profile: z.string(),
    name: z.string(),
    url: z.string().describe('Without credentials.'),
    width: z.int(),
    height: z.int(),
    codec: z.string().describe('h264, h265, jpeg …; empty when the camera does not say.'),
    framesPerSecond: z.number().nullable(),
    claimedHost: z.string().nullable().describe('The other host that the camera named; Lares stays with its own.'),
  })
  .meta({ id: 'OnvifStream' })
export type OnvifStream = z.infer<typeof onvifStream>

export const onvifReply = z
  .discriminatedUnion('ok', [
    z.strictObject({
      ok: z.literal(true),
      address: z.string().describe('Of its device service, to be stored with the camera.'),
      device: z.strictObject({ maker: z.string(), model: z.string(), firmware: z.string(), serial: z.string() }),
      streams: z.array(onvifStream).min(1),
      main: z.string().describe('Profile that is worth recording.'),
      sub: z.string().nullable().describe('Profile that is enough for detection; null: the same.'),
      tellsMotion: z.boolean(),
      clockOffsetMs: z.number().describe('How far the camera’s clock is ahead.'),
      preview: z.string().nullable().describe('A JPEG as data: address.'),
    }),
    z.strictObject({
      ok: z.literal(false),
      problem: z.strictObject({ reason: z.enum(ONVIF_PROBLEMS), message: z.string() }),
    }),
  ])
  .meta({ id: 'OnvifReply' })
export type OnvifReply = z.infer<typeof onvifReply>
