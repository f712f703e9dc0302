// What the pages of plugs send and get: types only, so that no schema code gets into the bundle.
import type { z } from 'zod'
import type { countdownReply } from '../../appliance/src/api/plugs.ts'

export type {
  ChangePlug,
  PlugCapability,
  PlugCountdown,
  PlugDetail,
  PlugDiagnosis,
  PlugScan,
  PlugSchedule,
  PlugScheduleBody,
  PlugSchedulesReply,
} from '../../appliance/src/api/plugs.ts'
export type {
  GroupBody,
  PlugAccount,
  PlugAccountBody,
  PlugGroup,
  PlugScene,
  Room,
  SceneBody,
  SceneStep,
  TestPlugAccountReply,
  TogetherReply,
} from '../../appliance/src/api/plug-home.ts'
export type { PowerCurve, PowerCurvePoint } from '../../appliance/src/api/energy.ts'
export type CountdownReply = z.infer<typeof countdownReply>
