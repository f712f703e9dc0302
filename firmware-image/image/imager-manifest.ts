/** What Raspberry Pi Imager has to know of an image, in the form of its list of operating systems. */
export interface ImagerEntry {
  version: string
  /** Where the compressed image can be fetched. */
  url: string
  /** Of the image as written to the card. */
  extractBytes: number
  extractSha256: string
  /** Of the compressed file. */
  downloadBytes: number
  downloadSha256: string
  /** Day of the release, YYYY-MM-DD. */
  releaseDay: string
  /** Tags of the boards. */
  devices: readonly string[]
}

/**
 * The list with one entry. `init_format` is `cloudinit`: Imager then asks for name and Wi-Fi and writes them to the first
 * partition, where Lares reads just these two. Nothing else of cloud-init is on the image.
 */
export function imagerManifest(entry: ImagerEntry): string {
  const list = {
    os_list: [
      {
        name: `Lares ${entry.version}`,
        description: 'A private guardian for a home: cameras, plugs and alerts on a box its owner controls',
        url: entry.url,
        website: new URL('.', entry.url).href,
        release_date: entry.releaseDay,
        extract_size: entry.extractBytes,
        extract_sha256: entry.extractSha256,
        image_download_size: entry.downloadBytes,
        image_download_sha256: entry.downloadSha256,
        devices: entry.devices,
        init_format: 'cloudinit',
      },
    ],
  }
  return `${JSON.stringify(list, null, 2)}\n`
}
