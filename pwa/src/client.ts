// One typed function per API call. Types come from the server's own schemas; nothing of them is in the bundle.
import type { Accept, AcceptReply, BeginAccept, BeginAcceptReply, InvitationLook } from './wire.ts'
import type { CurrentSession, Me, RecoveryCodes, Session, SignInBody, SignInReply } from './wire.ts'
import type {
  Passkey,
  PasskeyAnswer,
  PasskeyChallenge,
  Passkeys,
  SudoBody,
  SudoMethods,
  TotpEnrolment,
} from './wire.ts'
import type { Camera, UsbCamera, ChangeCamera, CreateCamera, CameraSourceInput, TestCameraReply } from './wire.ts'
import type { Day, IncidentDetail, IncidentsReply } from './wire.ts'
import type { DiscoverPlugsReply, Plug, PushTarget, Snoozes, TestPushReply } from './wire.ts'
import type { Health, HomeSettings } from './wire.ts'
import type { HomeMode, ModeState, PresencePerson } from './wire.ts'
import type { BeginSetupReply, FinishSetupReply, SetupStatus } from './wire.ts'
import { request, requestPicture } from './request.ts'

const part = encodeURIComponent

// Setup
export const readSetupStatus = () => request<SetupStatus>('GET', '/api/setup')
export const beginSetup = (body: { setupCode: string; username: string; displayName: string; password: string }) =>
  request<BeginSetupReply>('POST', '/api/setup/begin', { body })
export const finishSetup = (body: { setupCode: string; code: string } & HomeSettings) =>
  request<FinishSetupReply>('POST', '/api/setup/finish', { body })

// The session of this browser
export const signIn = (body: SignInBody) => request<SignInReply>('POST', '/api/session', { body })
export const signOut = () => request<unknown>('DELETE', '/api/session')
/** Never given up early: the answer carries the only token that works next. */
export const refreshSession = () =>
  request<CurrentSession>('POST', '/api/session/refresh', { bare: true, keepalive: true, timeoutMs: 60_000 })
export const staySignedIn = () => request<CurrentSession>('POST', '/api/session/stay')
export const beginPasskeySignIn = () => request<PasskeyChallenge>('POST', '/api/session/passkey/begin')
export const signInWithPasskey = (body: { passkey: PasskeyAnswer; trustDevice?: boolean }) =>
  request<SignInReply>('POST', '/api/session/passkey', { body })
export const readSudoMethods = () => request<SudoMethods>('GET', '/api/session/sudo')
export const confirmSudo = (body: SudoBody) => request<unknown>('POST', '/api/session/sudo', { body })

// One's own account
export const readMe = () => request<Me>('GET', '/api/me')
export const changePassword = (body: { currentPassword: string; newPassword: string }) =>
  request<unknown>('POST', '/api/me/password', { body })
export const makeRecoveryCodes = (body: { password: string; code?: string }) =>
  request<RecoveryCodes>('POST', '/api/me/recovery-codes', { body })
export const readSessions = () => request<{ sessions: Session[] }>('GET', '/api/me/sessions')
export const endSession = (id: string) => request<unknown>('DELETE', `/api/me/sessions/${part(id)}`)
export const endOtherSessions = () => request<unknown>('DELETE', '/api/me/sessions')
export const trustSession = (id: string, trusted: boolean) =>
  request<unknown>('PATCH', `/api/me/sessions/${part(id)}`, { body: { trusted } })
export const beginTotp = () => request<TotpEnrolment>('POST', '/api/me/totp/begin')
export const enrolTotp = (body: { ticket: string; code: string }) =>
  request<RecoveryCodes>('POST', '/api/me/totp', { body })
export const removeTotp = (body: { password: string; code: string }) =>
  request<unknown>('DELETE', '/api/me/totp', { body })
export const readPasskeys = () => request<Passkeys>('GET', '/api/me/passkeys')
export const beginPasskey = () => request<PasskeyChallenge>('POST', '/api/me/passkeys/begin')
export const addPasskey = (body: { passkey: PasskeyAnswer; name: string }) =>
  request<Passkey>('POST', '/api/me/passkeys', { body })
export const renamePasskey = (id: string, name: string) =>
  request<unknown>('PATCH', `/api/me/passkeys/${part(id)}`, { body: { name } })
export const removePasskey = (id: string) => request<unknown>('DELETE', `/api/me/passkeys/${part(id)}`)

// An invitation
export const lookAtInvitation = (token: string) =>
  request<InvitationLook>('POST', '/api/invitations/look', { body: { token } })
export const beginAccept = (body: BeginAccept) =>
  request<BeginAcceptReply>('POST', '/api/invitations/accept/begin', { body })
export const acceptInvitation = (body: Accept) => request<AcceptReply>('POST', '/api/invitations/accept', { body })

// Cameras
export const readCameras = () => request<{ cameras: Camera[] }>('GET', '/api/cameras')
export const readUsbCameras = () => request<{ cameras: UsbCamera[] }>('GET', '/api/usb-cameras')
export const createCamera = (body: CreateCamera) => request<Camera>('POST', '/api/cameras', { body })
export const changeCamera = (id: string, body: ChangeCamera) =>
  request<Camera>('PATCH', `/api/cameras/${part(id)}`, { body })
export const removeCamera = (id: string) => request<unknown>('DELETE', `/api/cameras/${part(id)}`)
export const testCamera = (source: CameraSourceInput, signal: AbortSignal) =>
  request<TestCameraReply>('POST', '/api/cameras/test', { body: { source }, signal, timeoutMs: 25_000 })
export const readStill = (id: string, signal: AbortSignal) =>
  requestPicture(`/api/cameras/${part(id)}/still.jpg`, signal)

// Incidents
/** Everything that incidents can be found by; several values with commas between them. */
export interface IncidentFilter {
  q?: string
  camera?: string
  class?: string
  zone?: string
  band?: string
  verdict?: string
  feedback?: string
  reviewed?: 'yes' | 'no'
  starred?: 'yes'
  from?: string
  until?: string
}
export function readIncidents(filter: IncidentFilter, limit: number, cursor?: string): Promise<IncidentsReply> {
  const query = new URLSearchParams({ ...filter, limit: String(limit) })
  if (cursor) query.set('cursor', cursor)
  return request('GET', `/api/incidents?${query.toString()}`)
}
export const readUnreviewed = () => request<{ unreviewed: number }>('GET', '/api/incidents/unreviewed')
export const readDay = () => request<Day>('GET', '/api/incidents/day')
export const readIncident = (id: string) => request<IncidentDetail>('GET', `/api/incidents/${part(id)}`)

// Plugs
export const readPlugs = () => request<{ plugs: Plug[] }>('GET', '/api/plugs')
/** Signs in at each that asks for an account: many of them take a while. */
export const discoverPlugs = () => request<DiscoverPlugsReply>('POST', '/api/plugs/discover', { timeoutMs: 60_000 })
export const switchPlug = (id: string, on: boolean) =>
  request<Plug>('POST', `/api/plugs/${part(id)}/switch`, { body: { on } })

// Notifications
export const readPushKey = () => request<{ publicKey: string }>('GET', '/api/push/key')
export const readPushTargets = () => request<{ targets: PushTarget[] }>('GET', '/api/push/targets')
export const addPushTarget = (body: { endpoint: string; keys: { p256dh: string; auth: string }; label: string }) =>
  request<PushTarget>('POST', '/api/push/targets', { body })
export const removePushTarget = (id: string) => request<unknown>('DELETE', `/api/push/targets/${part(id)}`)
export const testPush = () => request<TestPushReply>('POST', '/api/push/test', { timeoutMs: 20_000 })
export const readSnoozes = () => request<Snoozes>('GET', '/api/alerts/snoozes')
export const endSnooze = (cameraId: string | null) =>
  request<unknown>('DELETE', '/api/alerts/snoozes', { body: { cameraId } })

export const snooze = (cameraId: string | null, minutes: number) =>
  request<Snoozes>('POST', '/api/alerts/snoozes', { body: { cameraId, minutes } })

// What the household is doing
export const readMode = () => request<ModeState>('GET', '/api/mode')
export const setMode = (mode: HomeMode, now: boolean) => request<ModeState>('PUT', '/api/mode', { body: { mode, now } })
export const readPresence = () => request<{ people: PresencePerson[] }>('GET', '/api/presence')

// The box
export const readHealth = () => request<Health>('GET', '/api/health')
export const readHome = () => request<HomeSettings>('GET', '/api/settings/home')
export const changeHome = (body: HomeSettings) => request<HomeSettings>('PUT', '/api/settings/home', { body })
