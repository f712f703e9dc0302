// Words of a field for a file. Apart from `t`, because they come with the pages that have one.
export { fileText } from './en/file.ts'
