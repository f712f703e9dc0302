import type { CamerasDeps } from '../../appliance/src/cameras/index.ts'

/** Off unless a test switches it on; sign-ins are never delayed. */
export const NO_FTP: CamerasDeps['ftp'] = {
  ...{ host: '127.0.0.1', addresses: () => ['127.0.0.1'], secureContext: null, onFailure: () => undefined },
  beginLogin: async () => ({ succeeded: async () => undefined }),
}

/** What cameras ask of other parts, where a test has none of them. */
export const CAMERA_PORTS = { ftp: NO_FTP, recordFtpPassword: async () => undefined, privacyMasks: () => [] } as const
