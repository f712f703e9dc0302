import { createHash } from 'node:crypto'

/** Apple wants ids that stay the same, or installing twice makes two profiles: made from the root's fingerprint. */
function stableUuid(fingerprint: string, purpose: string): string {
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

/** A configuration profile for iPhone, iPad and Mac that installs the root and nothing else. */
export function mobileconfig(root: { der: Buffer; fingerprint: string }, homeName: string): string {
  const certificateId = stableUuid(root.fingerprint, 'certificate')
  const profileId = stableUuid(root.fingerprint, 'profile')
  const title = `Lares · ${homeName}`
  const data =
    root.der
      .toString('base64')
      .match(/.{1,64}/g)
      ?.join('\n') ?? ''
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadContent</key><array><dict>
${entry('PayloadType', 'com.apple.security.root')}
<key>PayloadVersion</key><integer>1</integer>
${entry('PayloadIdentifier', `lares.root.${certificateId.toLowerCase()}`)}
${entry('PayloadUUID', certificateId)}
${entry('PayloadDisplayName', title)}
${entry('PayloadCertificateFileName', 'lares-root.crt')}
<key>PayloadContent</key><data>
${data}
</data>
</dict></array>
${entry('PayloadType', 'Configuration')}
<key>PayloadVersion</key><integer>1</integer>
${entry('PayloadIdentifier', `lares.profile.${profileId.toLowerCase()}`)}
${entry('PayloadUUID', profileId)}
${entry('PayloadDisplayName', title)}
${entry('PayloadDescription', 'Lets this device trust the Lares box in your home. It works for addresses of your home network only.')}
${entry('PayloadOrganization', 'Lares')}
<key>PayloadRemovalDisallowed</key><false/>
</dict></plist>
`
}
