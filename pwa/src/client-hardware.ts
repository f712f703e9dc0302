// The calls of the page Hardware. They come with that page, not with the first load.
import { base64Of } from './base64-of.ts'
import { request } from './request.ts'
import type { BeginUpload, FetchModel, Hardware, MachineReadings, Models, UploadReply } from './wire-hardware.ts'

/** A model is tried before it is chosen: on a small box that takes a while. */
const TRIAL_MS = 60_000

export const readHardware = () => request<Hardware>('GET', '/api/hardware')
export const readReadings = () => request<MachineReadings>('GET', '/api/hardware/readings')
export const readModels = () => request<Models>('GET', '/api/models')
export const fetchModel = (body: FetchModel) => request<Models>('POST', '/api/models/fetch', { body })
export const confirmModel = (sha256: string) => request<Models>('POST', '/api/models/confirm', { body: { sha256 } })
export const cancelModel = () => request<Models>('POST', '/api/models/cancel')
export const useModel = (name: string) =>
  request<Models>('POST', '/api/models/use', { body: { name }, timeoutMs: TRIAL_MS })
export const goBackToModel = () => request<Models>('POST', '/api/models/back')
export const removeModel = (name: string) => request<Models>('DELETE', `/api/models/${encodeURIComponent(name)}`)

/** Sends a file in pieces, so that a large one needs no large request. */
export async function uploadModel(
  file: File,
  about: Omit<BeginUpload, 'fileName' | 'sizeBytes'>,
  onProgress: (share: number) => void,
): Promise<Models> {
  const body = { fileName: file.name, sizeBytes: file.size, ...about }
  let { receivedBytes, chunkBytes } = await request<UploadReply>('POST', '/api/models/upload', { body })
  while (receivedBytes < file.size) {
    const piece = await base64Of(file.slice(receivedBytes, receivedBytes + chunkBytes))
    const sent = { body: { offset: receivedBytes, data: piece }, timeoutMs: TRIAL_MS }
    ;({ receivedBytes, chunkBytes } = await request<UploadReply>('PUT', '/api/models/upload', sent))
    onProgress(receivedBytes / file.size)
  }
  return request<Models>('POST', '/api/models/upload/finish')
}
