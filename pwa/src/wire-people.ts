// What the pages that look after others send and get: types only, so that no schema code gets into the bundle.
export type { ApiKey, ApiKeysReply, CreateApiKey, CreateApiKeyReply } from '../../appliance/src/api/keys.ts'
export type { AuditEntry, AuditPage } from '../../appliance/src/api/audit.ts'
export type { ChangePerson, Person, ResetPersonReply, RoleBody, RoleOfHome } from '../../appliance/src/api/people.ts'
export type { CreateInvitation, CreateInvitationReply, Invitation } from '../../appliance/src/api/people.ts'
export type { SettingEntry } from '../../appliance/src/api/system.ts'
