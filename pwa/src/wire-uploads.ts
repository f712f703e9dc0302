// What goes over the wire about cameras that send: types only.
export type { CameraUploads, FtpPassword, UploadsReply } from '../../appliance/src/api/uploads.ts'
