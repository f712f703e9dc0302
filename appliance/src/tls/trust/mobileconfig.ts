import { createHash } from 'node:crypto'

/** Apple wants ids that stay the same, or installing twice makes two profiles: made from a certificate's fingerprint. */
export function stableUuid(fingerprint: string, purpose: string): string {
  const bytes = createHash('sha256').update(`${purpose} ${fingerprint}`).digest().subarray(0, 16)
  // Version 8 (own scheme) and variant of RFC 9562.
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.toString('hex').toUpperCase()
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const entry = (key: string, value: string): string => `<key>${key}</key><string>${escapeXml(value)}</string>`

const base64Lines = (bytes: Buffer): string => (bytes.toString('base64').match(/.{1,64}/g) ?? []).join('\n')

/** The one thing that a profile installs. */
export interface ProfilePayload {
  /** `com.apple.security.root`, `com.apple.security.pkcs12`. */
  type: string
  id: string
  /** Its beginning; the id follows. */
  identifier: string
  fileName: string
  content: Buffer
}

export interface ProfileWords {
  id: string
  identifier: string
  title: string
  description: string
}

/** A configuration profile for iPhone, iPad and Mac. */
export function mobileconfigOf(payload: ProfilePayload, words: ProfileWords): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadContent</key><array><dict>
${entry('PayloadType', payload.type)}
<key>PayloadVersion</key><integer>1</integer>
${entry('PayloadIdentifier', `${payload.identifier}.${payload.id.toLowerCase()}`)}
${entry('PayloadUUID', payload.id)}
${entry('PayloadDisplayName', words.title)}
${entry('PayloadCertificateFileName', payload.fileName)}
<key>PayloadContent</key><data>
${base64Lines(payload.content)}
</data>
</dict></array>
${entry('PayloadType', 'Configuration')}
<key>PayloadVersion</key><integer>1</integer>
${entry('PayloadIdentifier', `${words.identifier}.${words.id.toLowerCase()}`)}
${entry('PayloadUUID', words.id)}
${entry('PayloadDisplayName', words.title)}
${entry('PayloadDescription', words.description)}
${entry('PayloadOrganization', 'Lares')}
<key>PayloadRemovalDisallowed</key><false/>
</dict></plist>
`
}

/** The profile that installs the root and nothing else. */
export function mobileconfig(root: { der: Buffer; fingerprint: string }, homeName: string): string {
  const payload: ProfilePayload = {
    type: 'com.apple.security.root',
    id: stableUuid(root.fingerprint, 'certificate'),
    identifier: 'lares.root',
    fileName: 'lares-root.crt',
    content: root.der,
  }
  return mobileconfigOf(payload, {
    id: stableUuid(root.fingerprint, 'profile'),
    identifier: 'lares.profile',
    title: `Lares · ${homeName}`,
    description: 'Lets this device trust the Lares box in your home. It works for addresses of your home network only.',
  })
}
