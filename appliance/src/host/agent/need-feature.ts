import { LaresError } from '../../core/errors.ts'
import type { HostFeature } from '../protocol/index.ts'
import type { AgentGround } from './types.ts'

/** Throws `unsupported` HOST_CANNOT where this machine lacks what the feature needs. */
export function needFeature({ features }: AgentGround, feature: HostFeature): void {
  if (features.includes(feature)) return
  throw new LaresError('unsupported', `This box cannot do that itself (${feature}).`, { code: 'HOST_CANNOT' })
}
