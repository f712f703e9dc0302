import { ONVIF_PROBLEMS } from '../../api/onvif.ts'
import { LaresError, systemCodeOf } from '../../core/errors.ts'

export type OnvifReason = (typeof ONVIF_PROBLEMS)[number]

const MESSAGES: Readonly<Record<OnvifReason, string>> = {
  'wrong-address': 'That is not an address of a device in this home. It looks like 192.168.1.20 or 192.168.1.20:8080.',
  unreachable: 'Nothing answers at this address. Check that the camera has power and is on the home network.',
  'not-onvif':
    'Something answers there, but it does not speak ONVIF. Switch ONVIF on in the camera’s own app, or type the address of its stream.',
  'wrong-password':
    'The camera refuses this user name or password. Some cameras have a user of their own for ONVIF, set in the camera’s app.',
  'clock-wrong':
    'The camera refuses the password because its clock is far off. Set date and time in the camera’s own app, then try again.',
  refused: 'The camera does not allow this user to see its streams. Give the user more rights in the camera’s own app.',
  'locked-out':
    'The camera lets nobody in for a while after too many wrong passwords. Wait half an hour, then try again.',
  'bad-answer': 'The camera’s answers make no sense to Lares. Type the address of its stream instead.',
  'too-slow': 'The camera takes too long to answer. Switch it off and on, then try again.',
  'no-streams': 'The camera lets Lares in but has no video stream to offer. Switch one on in the camera’s own app.',
}

export const wordsOf = (reason: OnvifReason): string => MESSAGES[reason]

/** What went wrong with a device, in a word. `code` of the error is the reason. */
export function onvifFailure(reason: OnvifReason, cause?: unknown): LaresError {
  return new LaresError('unavailable', MESSAGES[reason], { code: reason, cause })
}

/** The reason in whatever was thrown while talking to a device. */
export function reasonOf(error: unknown): OnvifReason {
  if (error instanceof LaresError) {
    const own = ONVIF_PROBLEMS.find((reason) => reason === error.code)
    if (own) return own
    if (error.kind === 'timeout') return 'too-slow'
    if (error.code === 'ADDRESS_REFUSED') return 'wrong-address'
    return 'bad-answer'
  }
  const code = systemCodeOf(error) ?? ''
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ETIMEDOUT|ECONNRESET|EPIPE)$/.test(code)) return 'unreachable'
  if (/^(ENOTFOUND|EAI_AGAIN|EINVAL)$/.test(code)) return 'wrong-address'
  return /^HPE_/.test(code) ? 'not-onvif' : 'bad-answer'
}
