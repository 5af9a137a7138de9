/** Replaces a piece of what is being written, so that the browser's own undo knows of it. */
export function replaceRange(box: HTMLTextAreaElement, from: number, to: number, text: string, caret = from + text.length): void {
  box.focus()
  box.setSelectionRange(from, to)
  // The old command is the only one that keeps the undo history; where it is gone, the text counts for more.
  if (!document.execCommand?.('insertText', false, text)) {
    box.setRangeText(text, from, to, 'end')
    box.dispatchEvent(new Event('input', { bubbles: true }))
  }
  box.setSelectionRange(caret, caret)
}

/** Puts a sign around what is selected, or takes it away when it is there. */
export function toggleAround(box: HTMLTextAreaElement, sign: string): void {
  const { value, selectionStart: from, selectionEnd: to } = box
  const n = sign.length
  if (value.slice(from - n, from) === sign && value.slice(to, to + n) === sign) {
    replaceRange(box, from - n, to + n, value.slice(from, to))
  } else {
    replaceRange(box, from, to, sign + value.slice(from, to) + sign, from === to ? from + n : to + 2 * n)
  }
}

/** Replaces a piece while a person may be writing elsewhere in the box: caret, selection and scroll stay where they are. */
export function swapRange(box: HTMLTextAreaElement, from: number, to: number, text: string): void {
  const { selectionStart, selectionEnd, scrollTop } = box
  const moved = (at: number) => (at <= from ? at : at >= to ? at + text.length - (to - from) : from + text.length)
  box.setSelectionRange(from, to)
  // Only in the box that has the focus does the browser's own undo hear of it.
  if (document.activeElement !== box || !document.execCommand?.(text ? 'insertText' : 'delete', false, text)) {
    box.setRangeText(text, from, to, 'end')
    box.dispatchEvent(new Event('input', { bubbles: true }))
  }
  box.setSelectionRange(moved(selectionStart), moved(selectionEnd))
  box.scrollTop = scrollTop
}
