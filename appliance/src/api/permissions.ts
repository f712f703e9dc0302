/** Everything a person or program may be allowed to do. Roles are sets of these (SEC-A10). */
export const PERMISSIONS = [
  'devices.view',
  'devices.control',
  'devices.edit',
  'cameras.view',
  'cameras.edit',
  'incidents.view',
  'incidents.review',
  'modes.control',
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

/** The roles that every home has; their permissions are fixed. Further ones are made in the app. */
export const ROLES = ['admin', 'operator', 'viewer', 'guest'] as const
export type Role = (typeof ROLES)[number]

export const isBuiltInRole = (role: string): role is Role => (ROLES as readonly string[]).includes(role)

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
    'modes.control',
    'rates.view',
  ],
  viewer: ['devices.view', 'rates.view', 'costs.view', 'cameras.view', 'incidents.view'],
  guest: ['devices.view'],
}

/** Whoever may change anything needs a second factor; looking alone does not ask for one (SEC-A4). */
export const needsSecondFactor = (permissions: Iterable<Permission>): boolean =>
  [...permissions].some((permission) => !permission.endsWith('.view'))
