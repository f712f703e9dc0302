// The home: its name, and the time zone that every time on the screen is shown in.
import { computed } from '@preact/signals'
import { readHome } from '../client.ts'
import { createResource } from './resource.ts'

export const home = createResource(readHome)
/** The phone's own zone until the home's is known (or for people who may not see the home's settings). */
export const timeZone = computed(() => home.data.value?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
