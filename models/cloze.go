package models

import (
	"slices"
	"strings"
)

const (
	maxCloze = 100
	// maxClozeDepth is how deep clozes may stand within each other; a deeper one is
	// plain text.
	maxClozeDepth = 8
)

// clozePart is a piece of a cloze text: plain text, or a cloze with the parts
// that it hides.
type clozePart struct {
	text   string
	number int
	hint   string
	parts  []clozePart // of a plain text: none
}

func (p clozePart) isCloze() bool { return len(p.parts) > 0 }

// clozeFrame is a cloze whose end has not been found yet.
type clozeFrame struct {
	clozePart
	start  int // of "{{c1::"
	body   int // behind it
	text   int // where the text begins that is in no part yet
	braces int // "{" in it that wait for their "}"
	hint   int // where "::" stands, -1 without
}

// clozeParser reads a text in one pass; frames[0] is the text itself.
type clozeParser struct {
	src    string
	frames []clozeFrame
}

// parseCloze finds the clozes of a text: {{c1::answer}} and
// {{c1::answer::hint}}, also within each other. Braces in an answer, as in
// \frac{a}{b}, count in pairs, so that they may stand right before the end. What is
// never closed, or hides nothing, is plain text. Numbers are not checked.
func parseCloze(src string) []clozePart {
	p := &clozeParser{src: src, frames: []clozeFrame{{hint: -1}}}
	for i := 0; i < len(src); {
		switch src[i] {
		case '{':
			i = p.open(i)
		case '}':
			i = p.close(i)
		case ':':
			i = p.hint(i)
		default:
			i++
		}
	}
	for len(p.frames) > 1 {
		p.giveUp()
	}
	p.flush(len(src))
	return p.top().parts
}

func (p *clozeParser) top() *clozeFrame { return &p.frames[len(p.frames)-1] }

// flush makes a part of the text up to end.
func (p *clozeParser) flush(end int) {
	f := p.top()
	if f.text < end {
		f.parts = append(f.parts, clozePart{text: p.src[f.text:end]})
	}
	f.text = end
}

func (p *clozeParser) open(i int) int {
	number, body := clozeOpener(p.src, i)
	f := p.top()
	if number < 0 || len(p.frames) > maxClozeDepth {
		f.braces++
		return i + 1
	}
	// A hint has no cloze in it, so what looked like one is not.
	f.hint = -1
	p.flush(i)
	p.frames = append(p.frames, clozeFrame{clozePart: clozePart{number: number}, start: i, body: body, text: body, hint: -1})
	return body
}

// clozeOpener reads "{{c1::" at i: its number, and where it ends. The number is -1
// when there is none.
func clozeOpener(s string, i int) (number, end int) {
	rest, ok := strings.CutPrefix(s[i:], "{{c")
	if !ok {
		return -1, i
	}
	digits := 0
	for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
		// Beyond what is allowed it need not grow any more.
		number = min(number*10+int(rest[digits]-'0'), 10*maxCloze)
		digits++
	}
	if digits == 0 || !strings.HasPrefix(rest[digits:], "::") {
		return -1, i
	}
	return number, i + len("{{c") + digits + len("::")
}

// close reads the run of "}" at i: first they close the braces of the answer, and
// two more close the cloze. One too few is taken for a brace that the author left
// open, as in a smiley.
func (p *clozeParser) close(i int) int {
	run := 1
	for i+run < len(p.src) && p.src[i+run] == '}' {
		run++
	}
	f := p.top()
	switch {
	case len(p.frames) == 1:
		return i + run
	case run <= f.braces:
		f.braces -= run
		return i + run
	case run >= f.braces+2:
		return p.end(i + f.braces)
	case run >= 2:
		return p.end(i + run - 2)
	}
	return i + run
}

// end closes the innermost cloze, whose "}}" stands at i.
func (p *clozeParser) end(i int) int {
	f := p.top()
	part := &f.clozePart
	if f.hint >= 0 {
		part.hint = strings.Join(strings.Fields(p.src[f.hint+len("::"):i]), " ")
	} else {
		p.flush(i)
	}
	i += len("}}")
	if strings.TrimSpace(clozeText(part.parts)) == "" {
		*part = clozePart{text: p.src[f.start:i]}
	}
	p.frames = p.frames[:len(p.frames)-1]
	outer := p.top()
	outer.parts = append(outer.parts, *part)
	outer.text = i
	return i
}

func (p *clozeParser) hint(i int) int {
	f := p.top()
	if len(p.frames) > 1 && f.braces == 0 && f.hint < 0 && strings.HasPrefix(p.src[i:], "::") {
		p.flush(i)
		f.hint = i
		return i + len("::")
	}
	return i + 1
}

// giveUp makes plain text of the innermost cloze, which was never closed; those
// in it stay.
func (p *clozeParser) giveUp() {
	p.flush(len(p.src))
	f := p.top()
	p.frames = p.frames[:len(p.frames)-1]
	outer := p.top()
	outer.parts = append(outer.parts, clozePart{text: p.src[f.start:f.body]})
	outer.parts = append(outer.parts, f.parts...)
	outer.text = len(p.src)
}

// clozeText is the text with all its answers in place.
func clozeText(parts []clozePart) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.text)
		b.WriteString(clozeText(p.parts))
	}
	return b.String()
}

// clozeNumbers are the numbers in a text, each once, in order.
func clozeNumbers(parts []clozePart) []int {
	var numbers []int
	eachCloze(parts, func(p clozePart) { numbers = append(numbers, p.number) })
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

func eachCloze(parts []clozePart, do func(clozePart)) {
	for _, p := range parts {
		if p.isCloze() {
			do(p)
		}
		eachCloze(p.parts, do)
	}
}
