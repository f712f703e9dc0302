import type { Migration } from '../migrate.ts'
import { first } from './0001-first.ts'
import { access } from './0002-access.ts'
import { clientCertificates } from './0003-client-certificates.ts'
import { plugHome } from './0004-plug-home.ts'
import { risk } from './0005-risk.ts'
import { review } from './0006-review.ts'
import { delivery } from './0007-delivery.ts'
import { alertRules } from './0008-alert-rules.ts'
import { remoteAccess } from './0010-remote-access.ts'
import { upload } from './0011-upload.ts'
import { zones } from './0012-zones.ts'
import { cameraViews } from './0013-camera-views.ts'
import { regions } from './0014-regions.ts'
import { foundStreams } from './0015-found-streams.ts'

/** In order, append only: what has been released is never changed. */
export const migrations: readonly Migration[] = [
  ...[first, access, clientCertificates, plugHome],
  ...[risk, review, delivery, alertRules],
  remoteAccess,
  upload,
  zones,
  cameraViews,
  regions,
  foundStreams,
]
