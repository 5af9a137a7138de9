package controllers

import (
	"maps"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// ListNotes lists the notes of a deck, newest first; q narrows it to those found.
func (a *API) ListNotes(c *gin.Context) {
	deck, ok := idParam(c, "id")
	if !ok {
		return
	}
	before, limit, ok := pagingByID(c)
	if !ok {
		return
	}
	notes, next, err := a.DB.ListNotes(c.Request.Context(), who(c).UserID, deck, c.Query("q"), before, limit)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, page(notes, nextID(next)))
}

// CreateNote adds a note to a deck, and with it its cards.
func (a *API) CreateNote(c *gin.Context) {
	deck, ok := idParam(c, "id")
	if !ok {
		return
	}
	var req struct {
		Type   string     `json:"type" validate:"required"`
		Fields noteFields `json:"fields" validate:"required"`
		Tags   []string   `json:"tags"`
	}
	if !decode(c, &req) {
		return
	}
	fields, err := req.Fields.texts()
	if err != nil {
		fail(c, err)
		return
	}
	ctx, ok := idempotent(c)
	if !ok {
		return
	}
	made, err := a.DB.CreateNote(ctx, who(c).UserID, deck, models.NoteInput{Type: req.Type, Fields: fields, Tags: req.Tags})
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusCreated, made)
}

// GetNote is one note with its cards.
func (a *API) GetNote(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	note, err := a.DB.GetNote(c.Request.Context(), who(c).UserID, id)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, note)
}

// UpdateNote edits a note.
func (a *API) UpdateNote(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	var req struct {
		Type   *string    `json:"type"`
		Fields noteFields `json:"fields"`
		Tags   *[]string  `json:"tags"`
	}
	if !decode(c, &req) {
		return
	}
	fields, err := req.Fields.texts()
	if err != nil {
		fail(c, err)
		return
	}
	note, err := a.DB.UpdateNote(c.Request.Context(), who(c).UserID, id, models.NoteChange{Type: req.Type, Fields: fields, Tags: req.Tags})
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, note)
}

// DeleteNote deletes a note with its cards.
func (a *API) DeleteNote(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	if err := a.DB.DeleteNote(c.Request.Context(), who(c).UserID, id); err != nil {
		fail(c, err)
		return
	}
	done(c)
}

// noteFields are a note's fields by name: which there are is the type's matter.
// Pointers tell a null, which is no text, from "".
type noteFields map[string]*string

func (f noteFields) texts() (map[string]string, error) {
	texts := make(map[string]string, len(f))
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if f[name] == nil {
			return nil, models.InvalidField("fields."+name, "must be text")
		}
		texts[name] = *f[name]
	}
	return texts, nil
}
