import tplink from 'tplink-smarthome-api'
import type { Sysinfo } from 'tplink-smarthome-api'

/**
 * The only file that knows tplink-smarthome-api: its command vocabulary and its checking of error codes, over a
 * transport of ours (docs/design/plugs.md says why). Its sockets are never opened, `reset` is never called.
 */
export interface KasaDevice {
  /** `{module: {method: parameters}}`; `outlet` is the full id of a strip's outlet. Throws on any error code. */
  command(command: Record<string, Record<string, unknown>>, outlet?: string): Promise<unknown>
  setPower(on: boolean, outlet?: string): Promise<void>
  /** It comes on with it. */
  setBrightness(percent: number): Promise<void>
  readonly modules: { emeter: string; schedule: string }
}

/** Sends JSON text to the device and resolves with its answer. */
export type SendText = (payload: string) => Promise<string>

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const client = new tplink.Client({ logger: silent })

/** `sysinfo` is the device's own answer, which decides what it is. Throws when the library knows no such thing. */
export function createKasaDevice(
  sysinfo: unknown,
  address: { host: string; port: number },
  send: SendText,
): KasaDevice {
  const device = client.getDeviceFromSysInfo(structuredClone(sysinfo) as Sysinfo, address)
  device.send = (payload) => send(typeof payload === 'string' ? payload : JSON.stringify(payload))
  return {
    command: (command, outlet) => device.sendCommand(command, outlet),
    modules: device.apiModules,
    async setPower(on, outlet) {
      if (device instanceof tplink.Bulb) await device.setPowerState(on)
      else await device.sendCommand({ system: { set_relay_state: { state: on ? 1 : 0 } } }, outlet)
    },
    async setBrightness(percent) {
      if (device instanceof tplink.Bulb) await device.lighting.setLightState({ on_off: 1, brightness: percent })
      else {
        await device.sendCommand({ 'smartlife.iot.dimmer': { set_brightness: { brightness: percent } } })
        await device.sendCommand({ system: { set_relay_state: { state: 1 } } })
      }
    },
  }
}

/** The device understood and said no, as opposed to not answering. */
export function isRefusal(error: unknown): boolean {
  return error instanceof tplink.ResponseError
}
