/** RFC 9116. */
export const SECURITY_TXT_PATH = '/.well-known/security.txt'

const DAY_MS = 24 * 60 * 60_000
/** Far from the year that the standard allows at most; made anew at each request. */
const GOOD_FOR_DAYS = 90

/** Where somebody who found a weakness of this box can say so: `contact`, or else the box itself. */
export function securityTxt(contact: string, origin: string, nowMs: number): string {
  const expires = new Date(Math.ceil(nowMs / DAY_MS + GOOD_FOR_DAYS) * DAY_MS)
  return [
    `Contact: ${contact === '' ? `${origin}/` : contact}`,
    `Expires: ${expires.toISOString()}`,
    'Preferred-Languages: en',
    `Canonical: ${origin}${SECURITY_TXT_PATH}`,
    '',
  ].join('\n')
}
