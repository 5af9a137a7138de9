package models

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The types of notes.
const (
	noteBasic    = "basic"
	noteReversed = "reversed"
	noteCloze    = "cloze"
)

const (
	maxField    = 20_000
	maxTags     = 50
	maxTag      = 60
	maxHeadline = 140
)

// content is what a note says, checked, and the cards that it asks for.
type content struct {
	kind   string
	fields map[string]string
	tags   []string
	ords   []int // rising
}

// fieldNames are the fields of a type of note, the one that can't be blank first;
// nil when there is no such type.
func fieldNames(kind string) []string {
	switch kind {
	case noteBasic, noteReversed:
		return []string{"Front", "Back"}
	case noteCloze:
		return []string{"Text", "Extra"}
	}
	return nil
}

func newContent(in NoteInput) (content, error) {
	n := content{kind: in.Type, fields: map[string]string{}}
	names := fieldNames(in.Type)
	if names == nil {
		return n, InvalidField("type", "must be %s, %s or %s", noteBasic, noteReversed, noteCloze)
	}
	// What is left out is empty, so that every note has all fields of its type.
	for _, name := range names {
		n.fields[name] = ""
	}
	return n, n.set(in.Fields, &in.Tags)
}

// changedContent is a note's content after a change.
func changedContent(old Note, change NoteChange) (content, error) {
	n := content{kind: old.Type, fields: old.Fields, tags: old.Tags}
	if change.Type != nil && *change.Type != old.Type {
		return n, InvalidField("type", "can't change: it is %s", old.Type)
	}
	n.fields = maps.Clone(old.Fields)
	return n, n.set(change.Fields, change.Tags)
}

// set takes over fields and tags, and checks what they lead to.
func (n *content) set(fields map[string]string, tags *[]string) (err error) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if _, known := n.fields[name]; !known {
			return InvalidField("fields."+name, "is no field of a %s note: those are %s", n.kind, strings.Join(fieldNames(n.kind), " and "))
		}
		if err := checkText("fields."+name, fields[name], maxField); err != nil {
			return err
		}
		n.fields[name] = fields[name]
	}
	if tags != nil {
		if n.tags, err = cleanTags(*tags); err != nil {
			return err
		}
	}
	return n.makeOrds()
}

// makeOrds finds out which cards the note asks for, and refuses what makes none.
func (n *content) makeOrds() error {
	asked := fieldNames(n.kind)[:1]
	if n.kind == noteReversed {
		asked = fieldNames(n.kind) // both are questions
	}
	for _, name := range asked {
		if strings.TrimSpace(n.fields[name]) == "" {
			return InvalidField("fields."+name, "must not be blank")
		}
	}
	switch n.kind {
	case noteBasic:
		n.ords = []int{0}
	case noteReversed:
		n.ords = []int{0, 1}
	case noteCloze:
		numbers := clozeNumbers(parseCloze(n.fields["Text"]))
		if len(numbers) == 0 {
			return InvalidField("fields.Text", "must have a cloze, such as {{c1::answer}}")
		}
		if numbers[0] < 1 || numbers[len(numbers)-1] > maxCloze {
			return InvalidField("fields.Text", "must have clozes from c1 to c%d only", maxCloze)
		}
		for _, number := range numbers {
			n.ords = append(n.ords, number-1)
		}
	}
	return nil
}

// headline is a note's first field as one line of plain text, for notifications.
// It does not give the answers of clozes away.
func (n content) headline() string {
	text := n.fields[fieldNames(n.kind)[0]]
	if n.kind == noteCloze {
		text = blanked(parseCloze(text))
	}
	return plainText(text, maxHeadline)
}

// cleanTags gives the tags without the spaces around them, each once (in whatever
// case), in their order.
func cleanTags(tags []string) ([]string, error) {
	clean := make([]string, 0, len(tags))
	seen := map[string]bool{}
	for i, tag := range tags {
		field := "tags[" + strconv.Itoa(i) + "]"
		tag = strings.TrimSpace(tag)
		if err := checkText(field, tag, maxTag); err != nil {
			return nil, err
		}
		if tag == "" {
			return nil, InvalidField(field, "must not be empty")
		}
		if strings.ContainsFunc(tag, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			return nil, InvalidField(field, "must not contain spaces")
		}
		if key := foldText(tag); !seen[key] {
			seen[key] = true
			clean = append(clean, tag)
		}
	}
	if len(clean) > maxTags {
		return nil, InvalidField("tags", "must be at most %d", maxTags)
	}
	return clean, nil
}
