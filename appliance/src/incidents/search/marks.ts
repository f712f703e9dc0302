import type { ObjectClass } from '../../api/common.ts'
import type { IncidentFeedback } from '../../api/incidents.ts'
import type { Verdict } from '../../api/risk.ts'
import type { RiskBand } from '../../api/risk-bands.ts'

const short = (id: string): string => id.replaceAll('-', '')

/**
 * What can be filtered by, as words of the index that nobody can type: they begin with `=`. Camera and class are also
 * one mark together, because that is what goes together least: "a car in the garden" is answered as fast as "a car".
 */
export const marks = {
  /** It began a visit. The longest list of all: only for when nothing else is asked for. */
  first: '=f',
  /** It carries on a visit. */
  part: '=p',
  /** It carries on a visit that began on this camera. */
  partOf: (cameraId: string) => `=p${short(cameraId)}`,
  camera: (id: string) => `=c${short(id)}`,
  class: (name: ObjectClass) => `=k${name}`,
  cameraClass: (id: string, name: ObjectClass) => `=x${short(id)}${name}`,
  band: (band: RiskBand) => `=b${band}`,
  verdict: (verdict: Verdict) => `=v${short(verdict)}`,
  feedback: (feedback: IncidentFeedback) => `=m${feedback}`,
  reviewed: (is: boolean) => (is ? '=r1' : '=r0'),
  starred: '=s',
  /** Entered in this very incident. */
  zone: (id: string) => `=z${short(id)}`,
  /** Entered in a later part of the visit. */
  zoneOfPart: (id: string) => `=y${short(id)}`,
  plug: (id: string) => `=g${short(id)}`,
} as const
