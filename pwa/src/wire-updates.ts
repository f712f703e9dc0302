// What the pages Updates and This box send and get: types only, so that no schema code gets into the bundle.
export type { BoxFacts, UpdateBundle, UpdateOutcome, Updates } from '../../appliance/src/api/updates.ts'
