// What the page Remote access sends and gets: types only, so that no schema code gets into the bundle.
export type {
  AddPeer,
  AddPeerReply,
  ChangeRemoteAccess,
  RemoteAccess,
  RemotePeer,
  RemoteReach,
} from '../../appliance/src/api/remote-access.ts'
