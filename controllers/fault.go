package controllers

import (
	"slices"
	"strconv"

	"aoki/models"
)

// fault is what is wrong with a body, and where. The way there is put together while
// the scanner's calls return: a body without faults needs none.
type fault struct {
	of  wrong
	way []step // from the inside out
}

type wrong int

const (
	noJSON wrong = iota
	tooMuch
	tooDeep
	isTwice
	isUnknown
	hasNUL
)

// step is the name of an object's member, or the place in a list.
type step struct {
	name  string
	index int // -1 when it is a member
}

// inMember notes that the fault lies in a member of what is read.
func (f *fault) inMember(name []byte) *fault {
	f.way = append(f.way, step{string(name), -1})
	return f
}

// inList notes that the fault lies in an item of what is read.
func (f *fault) inList(index int) *fault {
	f.way = append(f.way, step{index: index})
	return f
}

// path is where the fault lies: "to.users[3]".
func (f *fault) path() string {
	path := ""
	for _, s := range slices.Backward(f.way) {
		switch {
		case s.index >= 0:
			path += "[" + strconv.Itoa(s.index) + "]"
		case path == "":
			path = s.name
		default:
			path += "." + s.name
		}
	}
	return path
}

// say is the fault as an error.
func (f *fault) say() error {
	switch at := f.path(); f.of {
	case tooMuch:
		return models.Errorf(codeMalformed, "there is something behind the JSON value")
	case tooDeep:
		return models.Errorf(codeMalformed, "the body is nested over %d deep", maxDepth)
	case isTwice:
		return malformed(at, "is there twice")
	case isUnknown:
		return &models.Error{Code: codeUnknownField, Message: "unknown field " + strconv.Quote(at), Fields: []models.Field{{Field: at, Message: "is not known"}}}
	case hasNUL:
		return models.InvalidField(at, "must not contain a NUL character")
	}
	return models.Errorf(codeMalformed, "the body is not valid JSON")
}
