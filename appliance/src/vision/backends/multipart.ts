import { newToken } from '../../core/crypto.ts'

/** A form with one file, as browsers send it (RFC 7578). */
export function multipartForm(
  fields: Readonly<Record<string, string>>,
  file: { field: string; name: string; type: string; bytes: Uint8Array },
): { contentType: string; body: Buffer } {
  const boundary = `lares-${newToken(12)}`
  const parts: Uint8Array[] = []
  for (const [name, value] of Object.entries(fields))
    parts.push(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`))
  const { field, name, type, bytes } = file
  const disposition = `content-disposition: form-data; name="${field}"; filename="${name}"`
  parts.push(Buffer.from(`--${boundary}\r\n${disposition}\r\ncontent-type: ${type}\r\n\r\n`), bytes)
  parts.push(Buffer.from(`\r\n--${boundary}--\r\n`))
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) }
}
