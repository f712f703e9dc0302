import { useSignal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import * as client from '../client.ts'
import { t } from '../text/index.ts'
import type { UsbCamera } from '../wire.ts'
import type { CameraDraft } from './camera-source.ts'
import { Chips } from './chips.tsx'

/** Cameras that are plugged into the box, to be chosen with a tap; nothing where there are none. */
export function UsbCameras({ draft }: { draft: Signal<CameraDraft> }) {
  const found = useSignal<readonly UsbCamera[]>([])
  useEffect(() => {
    // A box that cannot say it simply offers none: the address can still be typed.
    void client.readUsbCameras().then(
      (reply) => (found.value = reply.cameras),
      () => undefined,
    )
  }, [])
  const { address } = draft.value
  if (found.value.length === 0 || (address !== '' && !address.startsWith('/dev/'))) return null
  return (
    <fieldset class="fieldset">
      <legend>{t.cameras.form.usb}</legend>
      <Chips
        label={t.cameras.form.usb}
        options={found.value.map(({ device, name }) => ({ value: device, label: name }))}
        chosen={[address]}
        onToggle={(device) => (draft.value = { ...draft.value, address: device === address ? '' : device })}
      />
    </fieldset>
  )
}
