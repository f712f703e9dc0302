import * as uploads from '../../appliance/src/api/uploads.ts'
import { idParams } from '../../appliance/src/api/common.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { open } from './home-state.ts'

const MINUTE_MS = 60_000

/** Cameras that send: one password, and one file that was no picture. */
export function uploadRoutes(): Route[] {
  let username: string | null = null
  const edit = { ...open, needs: 'cameras.edit' } as const
  return [
    route({
      ...{ ...edit, method: 'GET', path: '/api/uploads', reply: uploads.uploadsReply },
      run: async () => ({
        folder: '/var/lib/lares/uploads',
        ftp: {
          ...{ enabled: true, state: 'running' as const, problem: null, addresses: ['192.168.1.10'], port: 2121 },
          ...{ passivePorts: '50000-50049', tls: 'possible' as const },
        },
        unknown: [],
      }),
    }),
    route({
      ...{ ...edit, method: 'GET', path: '/api/cameras/:id/uploads', params: idParams },
      reply: uploads.cameraUploadsReply,
      run: async () => ({
        ...{ folder: 'front_gate', path: '/var/lib/lares/uploads/front_gate', username, waiting: 0, lastAt: null },
        refused: [
          {
            ...{ file: 'snap/MDAlarm_20261128-101502.jpg', reason: 'damaged', at: Date.now() - 4 * MINUTE_MS },
            words: 'It cannot be read to its end: cut off or damaged.',
          },
        ],
      }),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/cameras/:id/ftp-password', params: idParams },
      reply: uploads.ftpPasswordReply,
      run: async () => {
        username = 'front_gate'
        return { username, password: 'kfz73m2qpwxn9abc' }
      },
    }),
  ]
}
