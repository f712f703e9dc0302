// The calls about cameras that send their pictures.
import { request } from './request.ts'
import type { CameraUploads, FtpPassword, UploadsReply } from './wire-uploads.ts'

const part = encodeURIComponent

export const readUploads = () => request<UploadsReply>('GET', '/api/uploads')
export const readCameraUploads = (id: string) => request<CameraUploads>('GET', `/api/cameras/${part(id)}/uploads`)
export const makeFtpPassword = (id: string) => request<FtpPassword>('POST', `/api/cameras/${part(id)}/ftp-password`)
