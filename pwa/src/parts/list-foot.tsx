import { useEffect, useRef } from 'preact/hooks'
import type { PagedList } from '../state/paged-list.ts'

export interface ListFootProps {
  of: PagedList<unknown>
  words: { loadingMore: string; end: string }
}

/** The end of a long list: reads on when it comes near the screen. */
export function ListFoot({ of: { items, loading, atEnd, readMore }, words }: ListFootProps) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && void readMore(), {
      rootMargin: '800px',
    })
    if (ref.current) observer.observe(ref.current)
    return () => observer.disconnect()
    // What came near while a page was on its way is asked again when that has come, even if it brought nothing new.
  }, [items.value?.length, loading.value])
  return (
    <div ref={ref} class="foot">
      {loading.value && <span role="status">{words.loadingMore}</span>}
      {atEnd.value && !loading.value && <span class="quiet">{words.end}</span>}
    </div>
  )
}
