/** Codes of plugs that let in only who knows their TP-Link account; the box says the same of plugs that wait. */
const CODES: ReadonlySet<string> = new Set(['NEEDS_ACCOUNT', 'OTHER_ACCOUNT', 'LOGIN_REFUSED'])

export const wantsAccount = (code: string | null): boolean => code !== null && CODES.has(code)
