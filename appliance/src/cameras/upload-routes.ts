import { join } from 'node:path'
import { idParams } from '../api/common.ts'
import { cameraUploadsReply, ftpPasswordReply, uploadsReply } from '../api/uploads.ts'
import { LaresError } from '../core/errors.ts'
import type { Trx } from '../db/index.ts'
import { route, type RequestContext, type Route } from '../http/route.ts'
import type { Settings } from '../settings/index.ts'
import type { Ftp, FtpPorts } from './ftp/index.ts'
import { refuseUnseen } from './routes.ts'
import { cameraNameOf, type Uploads } from './uploads/index.ts'
import { ftpEnabled, ftpPassivePorts, ftpRequireTls } from './uploads/settings.ts'

export interface UploadRoutesDeps {
  uploads: Uploads
  ftp: Ftp
  ports: Pick<FtpPorts, 'addresses' | 'secureContext'>
  settings: Settings
  /** Of a camera that sends; throws `not-found` without one, `invalid` for others. */
  sender(cameraId: string): { folder: string }
  recordPassword(trx: Trx, cameraId: string, request: RequestContext): Promise<void>
}

/** Where cameras may send to, and what became of it. */
export function uploadRoutes(deps: UploadRoutesDeps): readonly Route[] {
  const { uploads, ftp, ports, settings, sender, recordPassword } = deps
  const edit = { needs: 'cameras.edit', limit: 'general' } as const
  const encryption = () => {
    if (!ports.secureContext) return 'none' as const
    return settings.get(ftpRequireTls) ? ('required' as const) : ('possible' as const)
  }
  return [
    route({
      ...{ method: 'GET', path: '/api/uploads', summary: 'Where cameras send pictures to, and who sends unasked.' },
      ...{ ...edit, reply: uploadsReply },
      run: async () => ({
        folder: uploads.root(),
        ftp: {
          ...ftp.status(),
          ...{ enabled: settings.get(ftpEnabled), addresses: [...ports.addresses()], tls: encryption() },
          passivePorts: settings.get(ftpPassivePorts),
        },
        unknown: uploads.unknown(),
      }),
    }),
    route({
      ...{ method: 'GET', path: '/api/cameras/:id/uploads', summary: 'What a camera sent, and what was not taken.' },
      ...{ ...edit, params: idParams, reply: cameraUploadsReply },
      run: async ({ params, request }) => {
        refuseUnseen(request.principal, params.id)
        const { folder } = sender(params.id)
        return {
          ...{ folder, path: join(uploads.root(), folder), username: await ftp.accounts.usernameOf(params.id) },
          ...{
            waiting: uploads.waiting(folder),
            lastAt: uploads.lastTakenAt(folder),
            refused: uploads.refusals(folder),
          },
        }
      },
    }),
    route({
      ...{
        method: 'POST',
        path: '/api/cameras/:id/ftp-password',
        summary: 'A new FTP password for a camera, shown once.',
      },
      ...{ ...edit, params: idParams, reply: ftpPasswordReply },
      run: async ({ params, request }) => {
        refuseUnseen(request.principal, params.id)
        const { folder } = sender(params.id)
        return ftp.accounts.renew(params.id, cameraNameOf(folder), (trx) => recordPassword(trx, params.id, request))
      },
    }),
  ]
}

/** The folder of a camera that sends its pictures. */
export function senderFolder(source: { kind: string; folder?: string } | undefined): { folder: string } {
  if (!source) throw new LaresError('not-found', 'There is no such camera.')
  if (source.kind === 'upload' && source.folder !== undefined) return { folder: source.folder }
  throw new LaresError('invalid', 'This camera does not send its pictures itself.')
}
