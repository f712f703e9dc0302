import type { Device } from './devices.ts'

export interface DeviceSteps {
  title: string
  /** File to fetch, and what the button says. */
  file: 'lares-root.mobileconfig' | 'lares-root.crt' | 'lares-root.pem'
  button: string
  /** Plain text; `*…*` is what to look for on the screen. */
  steps: readonly string[]
  /** What surprises people. */
  note?: string
}

/** How each kind of device is told to trust the root. */
export const TRUST_STEPS: Readonly<Record<Device, DeviceSteps>> = {
  ios: {
    title: 'iPhone and iPad',
    file: 'lares-root.mobileconfig',
    button: 'Download profile',
    steps: [
      'Open this page in *Safari*, tap the button and choose *Allow*.',
      'Open *Settings* and tap *Profile Downloaded* at the top, then *Install*.',
      'Go to *Settings › General › About › Certificate Trust Settings* and switch *Lares* on.',
      'Come back to this page.',
    ],
    note: 'The third step is easily missed: without it the profile is there, but not trusted.',
  },
  android: {
    title: 'Android',
    file: 'lares-root.crt',
    button: 'Download certificate',
    steps: [
      'Tap the button. If the phone offers to open the file, close that; it only has to be saved.',
      'Open *Settings* and search for *CA certificate* (it is under *Security › Encryption & credentials › Install a certificate*).',
      'Tap *CA certificate*, then *Install anyway*, and choose *lares-root.crt* from the downloads.',
      'Come back to this page.',
    ],
    note: 'Android asks for a screen lock and says that the network may be monitored. It says so about every certificate that a person adds.',
  },
  windows: {
    title: 'Windows',
    file: 'lares-root.crt',
    button: 'Download certificate',
    steps: [
      'Open the downloaded file and choose *Install Certificate*.',
      'Choose *Current User*, then *Place all certificates in the following store*.',
      'Choose *Trusted Root Certification Authorities*, then *Finish*, and answer *Yes*.',
      'Close the browser once and come back to this page.',
    ],
  },
  macos: {
    title: 'Mac',
    file: 'lares-root.crt',
    button: 'Download certificate',
    steps: [
      'Open the downloaded file: *Keychain Access* asks where to keep it; choose *login*.',
      'Double-click *Lares home* in the list and open *Trust*.',
      'Set *When using this certificate* to *Always Trust* and close the window.',
      'Come back to this page.',
    ],
    note: 'On an iPad, use the steps for iPhone and iPad.',
  },
  linux: {
    title: 'Linux',
    file: 'lares-root.crt',
    button: 'Download certificate',
    steps: [
      'Chrome and Chromium: open *chrome://certificate-manager*, then *Custom › Installed by you › Trusted Certificates › Import*.',
      'Firefox: open *Settings › Privacy & Security › Certificates › View Certificates › Authorities › Import* and tick *Trust this CA to identify websites*.',
      'For all programs (Debian, Ubuntu): copy the file to */usr/local/share/ca-certificates/* and run *sudo update-ca-certificates*.',
      'Come back to this page.',
    ],
  },
}
