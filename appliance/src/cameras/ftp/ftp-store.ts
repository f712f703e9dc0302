import type { Db, Trx } from '../../db/index.ts'

export interface FtpAccount {
  cameraId: string
  username: string
  passwordHash: string
}

const toAccount = (row: { camera_id: string; username: string; password_hash: string }): FtpAccount => ({
  ...{ cameraId: row.camera_id, username: row.username, passwordHash: row.password_hash },
})

export async function findByUsername(db: Db, username: string): Promise<FtpAccount | null> {
  const row = await db.selectFrom('ftp_accounts').selectAll().where('username', '=', username).executeTakeFirst()
  return row ? toAccount(row) : null
}

export async function findByCamera(db: Db, cameraId: string): Promise<FtpAccount | null> {
  const row = await db.selectFrom('ftp_accounts').selectAll().where('camera_id', '=', cameraId).executeTakeFirst()
  return row ? toAccount(row) : null
}

export async function putAccount(trx: Trx, { cameraId, username, passwordHash }: FtpAccount, nowMs: number) {
  await trx.deleteFrom('ftp_accounts').where('camera_id', '=', cameraId).execute()
  await trx
    .insertInto('ftp_accounts')
    .values({ camera_id: cameraId, username, password_hash: passwordHash, created_at: nowMs })
    .execute()
}
