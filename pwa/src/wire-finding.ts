// What the wizard for new cameras sends and gets: types only, so that no schema code gets into the bundle.
export type { CameraScan, FoundCamera, OnvifLogin, OnvifReply, OnvifStream } from '../../appliance/src/api/onvif.ts'
