import {
  beginUploadBody,
  confirmModelBody,
  fetchModelBody,
  MAX_UPLOAD_BODY_BYTES,
  modelParams,
  modelsReply,
  uploadChunkBody,
  uploadReply,
  useModelBody,
} from '../../api/models.ts'
import { route, type Route } from '../../http/route.ts'
import type { ModelKeeper } from './keeper.ts'

const CHANGE = { needs: 'system.edit', sudo: true, limit: 'general' } as const

export function modelRoutes(keeper: ModelKeeper): readonly Route[] {
  const { jobs } = keeper
  return [
    route({
      ...{ method: 'GET', path: '/api/models', needs: 'system.view', limit: 'general', reply: modelsReply },
      summary: 'The models of the catalogue and own ones, what is being installed, and what was given up.',
      run: () => keeper.list(),
    }),
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/models/fetch', limit: 'costly' },
      ...{ body: fetchModelBody, reply: modelsReply },
      summary: 'Begins to fetch a model: one of the catalogue by its name, or any by its https address.',
      async run({ body, request }) {
        jobs.fetch(body, keeper.added(request))
        return keeper.list()
      },
    }),
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/models/confirm', body: confirmModelBody, reply: modelsReply },
      summary: 'Says yes to the hash of a fetched file that waits: it is tried and installed.',
      async run({ body, request }) {
        jobs.confirm(body.sha256, keeper.added(request))
        return keeper.list()
      },
    }),
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/models/cancel', reply: modelsReply },
      summary: 'Ends the installation that runs or waits.',
      async run() {
        await jobs.cancel()
        return keeper.list()
      },
    }),
    ...uploadRoutes(keeper),
    ...choiceRoutes(keeper),
  ]
}

function uploadRoutes({ jobs, added, list }: ModelKeeper): readonly Route[] {
  return [
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/models/upload', body: beginUploadBody, reply: uploadReply },
      summary: 'Begins to take a model file in pieces.',
      run: ({ body }) => jobs.upload.begin(body),
    }),
    route({
      ...{ method: 'PUT', path: '/api/models/upload', needs: 'system.edit', limit: 'general' },
      ...{ body: uploadChunkBody, reply: uploadReply, maxBodyBytes: MAX_UPLOAD_BODY_BYTES },
      summary: 'Takes the next piece, base64. Answers where the one after it begins.',
      run: ({ body }) => jobs.upload.add(body.offset, body.data),
    }),
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/models/upload/finish', reply: modelsReply },
      summary: 'The file is whole: it is tried and installed.',
      async run({ request }) {
        jobs.finishUpload(added(request))
        return list()
      },
    }),
  ]
}

function choiceRoutes(keeper: ModelKeeper): readonly Route[] {
  return [
    route({
      ...{
        ...CHANGE,
        method: 'POST',
        path: '/api/models/use',
        limit: 'costly',
        body: useModelBody,
        reply: modelsReply,
      },
      summary: 'Tries an installed model and lets it look. The one before comes back by itself when it fails.',
      async run({ body, request }) {
        await keeper.choose(body.name, request)
        return keeper.list()
      },
    }),
    route({
      ...{ ...CHANGE, method: 'POST', path: '/api/models/back', reply: modelsReply },
      summary: 'Takes the model before the one in use again.',
      async run({ request }) {
        await keeper.goBack(request)
        return keeper.list()
      },
    }),
    route({
      ...{ ...CHANGE, method: 'DELETE', path: '/api/models/:name', params: modelParams, reply: modelsReply },
      summary: 'Removes an installed model that is not in use.',
      async run({ params, request }) {
        await keeper.remove(params.name, request)
        return keeper.list()
      },
    }),
  ]
}
