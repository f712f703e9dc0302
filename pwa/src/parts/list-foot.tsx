import { useEffect, useRef } from 'preact/hooks'

export interface ListFootProps {
  /** How long the list is by now. */
  count: number | undefined
  loading: boolean
  atEnd: boolean
  words: { loadingMore: string; end: string }
  readMore: () => Promise<void>
}

/** The end of a long list: reads on when it comes near the screen. */
export function ListFoot({ count, loading, atEnd, words, readMore }: ListFootProps) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && void readMore(), {
      rootMargin: '800px',
    })
    if (ref.current) observer.observe(ref.current)
    return () => observer.disconnect()
    // What came near while a page was on its way is asked again when that has come, even if it brought nothing new.
  }, [count, loading])
  return (
    <div ref={ref} class="foot">
      {loading && <span role="status">{words.loadingMore}</span>}
      {atEnd && !loading && <span class="quiet">{words.end}</span>}
    </div>
  )
}
