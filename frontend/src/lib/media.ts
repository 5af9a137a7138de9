/** What browsers show and play, and the server keeps, by the endings of its addresses. */
const pictures = 'png|jpg|gif|webp|avif'
const sounds = 'mp3|m4a|aac|ogg|webm|flac|wav'
const address = (endings: string) => new RegExp(`^/api/v1/media/[0-9a-f]{64}\\.(?:${endings})$`)
const picture = address(pictures)
const sound = address(sounds)

/** Addresses of files that people of this site brought. */
export const isPictureHere = (url: string) => picture.test(url)
export const isSoundHere = (url: string) => sound.test(url)

/** A picture or a sound in a Markdown text. */
export const figures = new RegExp(`!\\[[^\\]\\n]*\\]\\(/api/v1/media/[0-9a-f]{64}\\.(?:${pictures}|${sounds})\\)`, 'g')

const shown = new RegExp(`!\\[[^\\]\\n]*\\]\\((/api/v1/media/[0-9a-f]{64}\\.(?:${pictures}))\\)`, 'g')
/** The addresses of a text's pictures, each once. */
export const picturesIn = (text: string): string[] => [...new Set(Array.from(text.matchAll(shown), ([, address]) => address!))]

/** For an `<input type="file">`. SVG is not among them: it may carry scripts. */
export const accepted = 'image/png,image/jpeg,image/gif,image/webp,image/avif,audio/*,.mp3,.m4a,.aac,.ogg,.oga,.opus,.weba,.flac,.wav'

export const limits = { picture: 10, sound: 20 } // MiB, as on the server

/** What is wrong with a file, as far as one can tell without looking into it. */
export function faultOf(file: { name: string; type: string; size: number }): 'unknown' | 'empty' | 'largePicture' | 'largeSound' | undefined {
  const isPicture = /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type)
  const isSound = file.type.startsWith('audio/') || /\.(mp3|m4a|aac|og[ag]|opus|weba|flac|wav)$/i.test(file.name)
  if (!isPicture && !isSound) return 'unknown'
  if (file.size === 0) return 'empty'
  if (file.size > (isPicture ? limits.picture : limits.sound) * 2 ** 20) return isPicture ? 'largePicture' : 'largeSound'
}

/** A file's name as words that mean nothing to Markdown, for who can't see or hear it. */
export function wordsOf(name: string, most = 60): string {
  const words = name
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replace(/[[\](){}<>|*`$\\\p{Cc}\p{Co}]|::/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words.length > most ? `${words.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…` : words
}

/** What stands in a text while a file is on its way. It is found again by its id, wherever the text goes. */
export const placeholder = (id: string, words: string) => `![${words}](#uploading-${id})`
const placeholders = /!\[[^\]\n]*\]\(#uploading-([a-z0-9]+)\)/g

export const hasPlaceholder = (text: string): boolean => text.search(placeholders) >= 0

/** The text without the placeholders of files that nobody sends any more. */
export const withoutStale = (text: string, underWay: (id: string) => boolean): string =>
  text.replace(placeholders, (whole: string, id: string) => (underWay(id) ? whole : ''))
