import { t } from '../../text/index.ts'
import type { Plug } from '../../wire.ts'

export const plugsByName = <P extends Pick<Plug, 'name'>>(plugs: readonly P[]): P[] =>
  plugs.toSorted((a, b) => a.name.localeCompare(b.name, t.locale))
