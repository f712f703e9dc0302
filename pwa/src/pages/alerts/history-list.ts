// What was told: pages by the last id.
import * as client from '../../client-alerts.ts'
import { createPagedList } from '../../state/paged-list.ts'
import type { ToldNotice } from '../../wire-alerts.ts'

export const told = createPagedList<ToldNotice>({
  ...{ pageSize: 50, longestPage: 100 },
  async read(limit, from) {
    const { notices, next } = await client.readTold({}, limit, from)
    return { items: notices, next }
  },
})
