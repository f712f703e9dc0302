import { readHealth } from '../client.ts'
import { listen } from '../stream.ts'
import { createResource } from './resource.ts'

export const health = createResource(readHealth)

listen('notices.changed', ({ notices }) => health.patch((known) => ({ ...known, notices })))
