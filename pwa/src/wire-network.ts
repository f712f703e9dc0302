// What the page Network sends and gets: types only, so that no schema code gets into the bundle.
export type { HeardNetwork, JoinWifi, NetworkState, ScanReply } from '../../appliance/src/api/network.ts'
