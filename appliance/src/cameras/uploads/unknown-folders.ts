import type { NoticeBoard } from '../../core/notices.ts'
import type { UnknownFolder } from './types.ts'
import type { SeenUpload } from './upload-store.ts'

/** More strangers than this are not offered at once. */
const MOST_OFFERED = 8
const FOR_PEOPLE = /[_-]+/g

const noticeId = (folder: string): string => `uploads.unknown.${folder}`

/** front_door → Front door */
export function suggestedName(folder: string): string {
  const words = folder.replaceAll(FOR_PEOPLE, ' ').trim() || folder
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Folders that pictures come into and no camera has: offered to the owner, never taken by themselves. */
export function createUnknownFolders(notices: NoticeBoard) {
  let offered: UnknownFolder[] = []
  return {
    list: () => offered,
    update(folders: readonly string[], seen: readonly SeenUpload[]): void {
      const next = folders
        .map((folder) => {
          const files = seen.filter((each) => each.folder === folder && each.outcome === 'nobody')
          const lastAt = Math.max(0, ...files.map(({ changedMs }) => changedMs))
          return { folder, suggestedName: suggestedName(folder), files: files.length, lastAt }
        })
        .filter(({ files }) => files > 0)
        .sort((a, b) => b.lastAt - a.lastAt)
        .slice(0, MOST_OFFERED)
      for (const { folder } of offered)
        if (!next.some((each) => each.folder === folder)) notices.clear(noticeId(folder))
      for (const { folder } of next) {
        if (offered.some((each) => each.folder === folder)) continue
        notices.raise({
          ...{ id: noticeId(folder), level: 'info', title: `A camera called ${folder} sends pictures. Add it?` },
          detail: 'Lares looks at its pictures once you have added it.',
          link: `/cameras/send?folder=${encodeURIComponent(folder)}`,
        })
      }
      offered = next
    },
  }
}
