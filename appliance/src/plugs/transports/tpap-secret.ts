import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Candidate } from './accounts.ts'
import { failure } from './failures.ts'

const flag = z.union([z.number(), z.boolean()]).optional()

/** The answer to `discover`. */
export const announcementSchema = z.looseObject({
  mac: z.string().max(64).optional(),
  tpap: z.looseObject({
    tls: z.number().optional(),
    dac: flag,
    pake: z.array(z.number()).max(16),
    port: z.int().min(1).max(65_535).optional(),
    user_hash_type: z.number().optional(),
  }),
})
export type Announcement = z.infer<typeof announcementSchema>

const shadowSchema = z.looseObject({
  type: z.string().max(64),
  params: z
    .looseObject({
      passwd_id: z.number().optional(),
      sha_name: z.number().optional(),
      sha_salt: z.string().max(1_024).optional(),
    })
    .optional(),
})
export type Shadow = z.infer<typeof shadowSchema> | null

/** How the device keeps the password, from `extra_crypt`; null: as it is. */
export function readShadow(extraCrypt: unknown): Shadow {
  const isAbsent = extraCrypt === undefined || extraCrypt === null || extraCrypt === ''
  if (isAbsent || (typeof extraCrypt === 'object' && Object.keys(extraCrypt).length === 0)) return null
  const shadow = shadowSchema.safeParse(extraCrypt)
  if (!shadow.success) throw failure.badReply('it keeps its password in a way that cannot be read')
  return shadow.data
}

const hex = (name: string, text: string): string => createHash(name).update(text, 'utf8').digest('hex')

/** What goes into the key stretching. Throws SCHEME_UNKNOWN for the crypt(3) forms, which no plug was seen to ask for. */
export function secretOf(shadow: Shadow, { user, password }: Candidate, mac: string | undefined): string {
  if (shadow === null) return user === '' ? password : `${user}/${password}`
  const { passwd_id: id, sha_name: name, sha_salt: salt = '' } = shadow.params ?? {}
  if (shadow.type === 'password_sha_with_salt') {
    const decoded = Buffer.from(salt, 'base64').toString('utf8')
    return hex('sha256', `${name === 0 ? 'admin' : 'user'}${decoded}${password}`)
  }
  if (shadow.type === 'password_shadow' && id === 2) return hex('sha1', password)
  if (shadow.type === 'password_shadow' && id === 3) return hex('sha1', `${hex('md5', user)}_${colons(mac)}`)
  throw failure.schemeUnknown(`a form of the password (${shadow.type} ${id ?? ''})`)
}

function colons(mac: string | undefined): string {
  const digits = (mac ?? '').replace(/[^0-9a-f]/gi, '').toUpperCase()
  return (digits.match(/../g) ?? []).join(':')
}
