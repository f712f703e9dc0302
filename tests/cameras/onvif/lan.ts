// A home network that lies in loopback: the box at .1, cameras at other addresses, every test file with a net of its own.
import type { Interfaces } from '../../../appliance/src/cameras/onvif/own-networks.ts'
import {
  startOnvifDevice,
  type FakeDevice,
  type FakeDeviceOptions,
  type FakeProfile,
} from '../../fakes/onvif/device.ts'

export const LO = { netmask: '255.255.255.255', mac: '00:00:00:00:00:00', family: 'IPv4' as const }

/** 127.`net`.0.1/`prefix` as the box's only network. */
export function lanOf(net: number, prefix = 28): () => Interfaces {
  const address = `127.${net}.0.1`
  return () => ({
    lo: [{ ...LO, address: '127.0.0.1', internal: true, cidr: '127.0.0.1/32' }],
    lan0: [{ ...LO, address, netmask: '', internal: false, cidr: `${address}/${prefix}` }],
  })
}

/** A main and a sub stream, as most cameras have them, both at `rtspUrl`. */
export function twoProfiles(rtspUrl: string): FakeProfile[] {
  return [
    { token: 'MainStream', width: 1920, height: 1080, encoding: 'H264', url: `${rtspUrl}?main` },
    { token: 'SubStream', width: 640, height: 360, encoding: 'H264', url: `${rtspUrl}?sub` },
  ]
}

export function startDevice(address: string, options: Partial<FakeDeviceOptions> = {}): Promise<FakeDevice> {
  return startOnvifDevice({
    ...{ address, username: 'admin', password: 'pä$$ <&>"word', discovery: false },
    profiles: twoProfiles(`rtsp://${address}:8554/stream`),
    ...options,
  })
}
