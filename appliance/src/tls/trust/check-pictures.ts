/** One transparent pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

/**
 * Says itself that the device trusts Lares: shown by browsers without scripts, inside the trust page. Attributes only, no
 * style: it is shown under the policy of an API answer. A green that can be read on light and on dark.
 */
const WORDS = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 76" role="img" aria-labelledby="t">
<title id="t">This device trusts Lares now.</title>
<g font-family="system-ui, sans-serif" font-size="16" fill="#2e8b4f">
<path d="M8 22l6 6 12-14" fill="none" stroke="#2e8b4f" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>
<text x="38" y="27" font-weight="600">This device trusts Lares now.</text>
<a href="/" target="_top"><text x="38" y="58" text-decoration="underline">Go on to Lares</text></a>
</g></svg>
`

export const CHECK_PICTURES = {
  png: { body: PIXEL, contentType: 'image/png' },
  svg: { body: Buffer.from(WORDS), contentType: 'image/svg+xml; charset=utf-8' },
} as const
