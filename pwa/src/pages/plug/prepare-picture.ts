// What a phone's camera took, made small enough to send. The box draws it anew all the same.
const LONGEST_SIDE_PX = 1_280
const QUALITY = 0.85

/** Base64 of a JPEG. Null when the browser cannot read the file. */
export async function preparePicture(file: Blob): Promise<string | null> {
  try {
    const bitmap = await createImageBitmap(file)
    const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(bitmap.width, bitmap.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(bitmap.width * scale))
    canvas.height = Math.max(1, Math.round(bitmap.height * scale))
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    bitmap.close()
    return canvas.toDataURL('image/jpeg', QUALITY).split(',')[1] ?? null
  } catch {
    return null
  }
}
