import { z } from 'zod'
import { epochMs, id, objectClass } from './common.ts'

const address = z.string().trim().min(1).max(2_000)
const signIn = {
  username: z.string().max(256).optional(),
  password: z.string().max(256).optional().describe('Left out on change: the stored one stays.'),
}
const anyCertificate = z.boolean().optional().describe('Also one that is signed by nobody this box knows.')

/** How a camera was found: its own motion alarms come from there. On the same host as its stream. */
export const onvifPlace = z
  .strictObject({ address: z.url({ protocol: /^https?$/ }).max(1_000), profile: z.string().min(1).max(64) })
  .meta({ id: 'OnvifPlace' })

/**
 * Where pictures come from. An `rtsp` address may carry `user:password@`; both are taken out, sealed and never shown again.
 * A `file` is for trying out: it plays in a loop, in real time; the path lies on the box. `upload`: the camera sends its
 * pictures itself, by FTP or into a folder.
 */
export const cameraSource = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('rtsp'),
      url: address.describe('rtsp:// or rtsps://'),
      subUrl: address.optional().describe('A smaller stream to look at; left out, Lares looks for one itself.'),
      transport: z.enum(['tcp', 'udp']).default('tcp'),
      ...signIn,
      anyCertificate,
      onvif: onvifPlace.optional().describe('Where it was found; left out on change: stays.'),
    }),
    z.strictObject({
      kind: z.literal('mjpeg'),
      url: address.describe('http:// or https://'),
      ...signIn,
      anyCertificate,
    }),
    z.strictObject({
      kind: z.literal('still'),
      url: address.describe('http:// or https:// of one JPEG picture'),
      intervalS: z.number().min(0.2).max(3_600).default(1),
      ...signIn,
      anyCertificate,
    }),
    z.strictObject({
      kind: z.literal('usb'),
      device: z.string().regex(/^\/dev\/video\d{1,3}$/),
      format: z.enum(['auto', 'mjpeg', 'yuyv422', 'h264']).default('auto'),
    }),
    z.strictObject({ kind: z.literal('file'), path: z.string().min(1).max(4_096) }),
    z.strictObject({
      kind: z.literal('upload'),
      folder: z.string().trim().min(1).max(63).describe('Of this camera, inside the upload folder.'),
      expectEveryHours: z
        .int()
        .min(1)
        .max(720)
        .nullable()
        .default(null)
        .describe('Longer silence is a problem; null: it may be silent for ever.'),
    }),
  ])
  .meta({ id: 'CameraSource' })
export type CameraSourceInput = z.input<typeof cameraSource>
export type CameraSource = z.infer<typeof cameraSource>

export const CAMERA_STATES = ['starting', 'live', 'stalled', 'failed', 'off'] as const
/** Why a camera sends no pictures; the app has a sentence and a remedy for each. */
export const CAMERA_PROBLEMS = [
  'wrong-address',
  'unreachable',
  'wrong-password',
  'not-video',
  'stream-ended',
  'no-frames',
  'file-missing',
  'untrusted-certificate',
  'address-refused',
  'device-missing',
  'folder-missing',
  'no-uploads',
  'program-missing',
  'unknown',
] as const
export const cameraProblem = z
  .strictObject({
    reason: z.enum(CAMERA_PROBLEMS),
    message: z.string().describe('What happened and what to do, in words.'),
    since: epochMs,
  })
  .meta({ id: 'CameraProblem' })
export type CameraProblem = z.infer<typeof cameraProblem>

export const camera = z
  .strictObject({
    id,
    name: z.string(),
    source: z.strictObject({
      kind: z.enum(['rtsp', 'mjpeg', 'still', 'usb', 'file', 'upload']),
      address: z.string().describe('Without credentials.'),
      transport: z.enum(['tcp', 'udp']).optional(),
      username: z.string().optional(),
      hasPassword: z.boolean(),
      subAddress: z.string().optional().describe('As typed; left out, Lares looks for one itself.'),
      intervalS: z.number().optional(),
      format: z.string().optional(),
      anyCertificate: z.boolean().optional(),
      expectEveryHours: z.int().nullable().optional(),
      onvif: onvifPlace.optional(),
    }),
    enabled: z.boolean(),
    place: z.string().describe('Cameras of the same place see one visit together; empty: of none.'),
    classes: z.array(objectClass).describe('What opens an incident on this camera.'),
    state: z.enum(CAMERA_STATES),
    problem: cameraProblem.nullable(),
    picture: z
      .strictObject({ width: z.int(), height: z.int(), codec: z.string() })
      .nullable()
      .describe('The stream as the camera sends it.'),
    streams: z
      .strictObject({
        detection: z.enum(['main', 'sub']).describe('Which stream is looked at; the main one is recorded.'),
        why: z.string().describe('Why that one, in words.'),
        decodedBy: z.string().describe('For example: the processor.'),
        pace: z.enum(['full', 'half', 'key']).describe('Every picture, every second one, key pictures only.'),
      })
      .nullable(),
    lastFrameAt: epochMs.nullable(),
    createdAt: epochMs,
  })
  .meta({ id: 'Camera' })
export type Camera = z.infer<typeof camera>

export const camerasReply = z.strictObject({ cameras: z.array(camera) }).meta({ id: 'Cameras' })
export const cameraName = z.string().trim().min(1).max(64)
export const cameraPlace = z.string().trim().max(64)
export const createCameraBody = z
  .strictObject({
    name: cameraName,
    source: cameraSource,
    place: cameraPlace.optional(),
    classes: z.array(objectClass).min(1).optional(),
  })
  .meta({ id: 'CreateCamera' })
export type CreateCamera = z.input<typeof createCameraBody>
export const changeCameraBody = z
  .strictObject({
    name: cameraName.optional(),
    source: cameraSource.optional(),
    enabled: z.boolean().optional(),
    place: cameraPlace.optional(),
    classes: z.array(objectClass).min(1).optional(),
  })
  .meta({ id: 'ChangeCamera' })
export type ChangeCamera = z.input<typeof changeCameraBody>

export const usbCamerasReply = z
  .strictObject({ cameras: z.array(z.strictObject({ device: z.string(), name: z.string() })) })
  .meta({ id: 'UsbCameras' })
export type UsbCamera = z.infer<typeof usbCamerasReply>['cameras'][number]

/** Tries an address without storing anything. */
export const testCameraBody = z.strictObject({ source: cameraSource }).meta({ id: 'TestCamera' })
export const testCameraReply = z
  .discriminatedUnion('ok', [
    z.strictObject({
      ok: z.literal(true),
      picture: z.strictObject({ width: z.int(), height: z.int(), codec: z.string(), framesPerSecond: z.number() }),
      preview: z.string().describe('A JPEG as data: address.'),
    }),
    z.strictObject({ ok: z.literal(false), problem: cameraProblem }),
  ])
  .meta({ id: 'TestCameraReply' })
export type TestCameraReply = z.infer<typeof testCameraReply>
