import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { requestPicture } from '../../request.ts'

export interface PlugPictureProps {
  path: string
  /** Empty where the name stands beside it. */
  alt: string
  class: string
}

/** The picture that the owner gave a plug; nothing while it is on its way or cannot be had. */
export function PlugPicture({ path, alt, class: name }: PlugPictureProps) {
  const url = useSignal<string | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    requestPicture(path, abort.signal).then(
      (picture) => (url.value = picture.url),
      () => undefined,
    )
    return () => {
      abort.abort()
      url.value = null
    }
  }, [path])
  return url.value ? <img class={name} src={url.value} alt={alt} /> : <span class={name} aria-hidden="true" />
}
