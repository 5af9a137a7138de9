import 'katex/dist/katex.min.css'
import { render } from 'katex'

/** Replaces the TeX in each element by the set formula. What is no TeX stays as written, and is marked. */
export function setFormulas(elements: HTMLElement[]): void {
  for (const element of elements) {
    const tex = element.dataset.tex ?? ''
    try {
      // Without trust: no \href, \includegraphics or \html… that would bring addresses or attributes along.
      render(tex, element, { displayMode: element.classList.contains('display'), throwOnError: true, trust: false, maxSize: 20, maxExpand: 500, strict: 'ignore', errorColor: 'var(--danger)' })
    } catch {
      element.textContent = tex
      element.classList.add('wrong')
    }
  }
}
