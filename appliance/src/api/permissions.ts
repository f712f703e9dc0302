/** Everything a person or program may be allowed to do. Roles are sets of these (SEC-A10). */
export const PERMISSIONS = [
  'devices.view',
  'devices.control',
  'devices.edit',
  'cameras.view',
  'cameras.edit',
  'incidents.view',
  'incidents.review',
  'users.view',
  'users.edit',
  'system.view',
  'system.edit',
  'rates.view',
  'rates.edit',
  'costs.view',
  'data.view',
  'data.edit',
] as const

export type Permission = (typeof PERMISSIONS)[number]

export const ROLES = ['admin', 'operator', 'viewer', 'guest'] as const
export type Role = (typeof ROLES)[number]

/** What each role may do. The table of the security specification, SEC-A10. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  admin: PERMISSIONS,
  operator: [
    'devices.view',
    'devices.control',
    'devices.edit',
    'cameras.view',
    'incidents.view',
    'incidents.review',
    'rates.view',
  ],
  viewer: ['devices.view', 'rates.view', 'costs.view', 'cameras.view', 'incidents.view'],
  guest: ['devices.view'],
}
