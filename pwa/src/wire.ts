// What goes over the wire, by name: types only, so that no schema code gets into the bundle.
import type { z } from 'zod'
import type { Snooze } from '../../appliance/src/api/alert-rules.ts'
import type { passkeysReply, recoveryCodesReply } from '../../appliance/src/api/accounts.ts'
import type { testPushReply } from '../../appliance/src/api/alerts.ts'
import type { incidentFeedback } from '../../appliance/src/api/incidents.ts'
import type { beginAcceptBody, beginAcceptReply } from '../../appliance/src/api/people.ts'
import type { bulkReviewBody, reviewBody } from '../../appliance/src/api/review.ts'

export type { CurrentSession, Me, Session, SignInBody, SignInReply } from '../../appliance/src/api/accounts.ts'
export type { Passkey, PasskeyAnswer, PasskeyChallenge } from '../../appliance/src/api/accounts.ts'
export type { SudoBody, SudoMethods, TotpEnrolment } from '../../appliance/src/api/accounts.ts'
export type { PushMessage, PushTarget } from '../../appliance/src/api/alerts.ts'
export type { Camera, CameraProblem, CameraSourceInput } from '../../appliance/src/api/cameras.ts'
export type { ChangeCamera, CreateCamera, TestCameraReply, UsbCamera } from '../../appliance/src/api/cameras.ts'
export type { Box, ObjectClass } from '../../appliance/src/api/common.ts'
export type { Incident, IncidentDetail, IncidentsReply, Track } from '../../appliance/src/api/incidents.ts'
export type { Snooze } from '../../appliance/src/api/alert-rules.ts'
export type { ModeState, PresencePerson } from '../../appliance/src/api/modes.ts'
export type { HomeMode } from '../../appliance/src/api/risk-bands.ts'
export type { Permission } from '../../appliance/src/api/permissions.ts'
export type { Accept, AcceptReply, InvitationLook } from '../../appliance/src/api/people.ts'
export type { DiscoverPlugsReply, Plug, WaitingPlug } from '../../appliance/src/api/plugs.ts'
export type { PlugHome } from '../../appliance/src/api/plug-home.ts'
export type { BulkReviewReply, Day, Heat, Learned, LearnedReply } from '../../appliance/src/api/review.ts'
export type { ReviewHistory, ReviewReply, UndoReply } from '../../appliance/src/api/review.ts'
export type { BeginSetupReply, FinishSetupReply, SetupStatus } from '../../appliance/src/api/setup.ts'
export type { ClientMessage, ServerMessage, StreamEvents } from '../../appliance/src/api/stream.ts'
export type { Health, HomeSettings, Notice } from '../../appliance/src/api/system.ts'

export type Passkeys = z.infer<typeof passkeysReply>
export type BeginAccept = z.infer<typeof beginAcceptBody>
export type BeginAcceptReply = z.infer<typeof beginAcceptReply>
export type RecoveryCodes = z.infer<typeof recoveryCodesReply>
export type Snoozes = { snoozes: Snooze[] }
export type TestPushReply = z.infer<typeof testPushReply>
export type IncidentFeedback = z.infer<typeof incidentFeedback>
export type Review = z.input<typeof reviewBody>
export type BulkReview = z.input<typeof bulkReviewBody>
