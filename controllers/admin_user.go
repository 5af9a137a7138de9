package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// ListUsers lists all accounts, by name.
func (a *API) ListUsers(c *gin.Context) {
	after, limit, ok := paging(c)
	if !ok {
		return
	}
	users, next, err := a.Accounts.ListUsers(c.Request.Context(), after, limit)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, page(users, next))
}

// CreateUser makes an account for somebody else.
func (a *API) CreateUser(c *gin.Context) {
	var req struct {
		Username string  `json:"username" validate:"required"`
		Password string  `json:"password" validate:"required"`
		Role     *string `json:"role" validate:"omitempty,oneof=user admin"`
	}
	if !decode(c, &req) {
		return
	}
	ctx, ok := idempotent(c)
	if !ok {
		return
	}
	in := models.NewUser{Username: req.Username, Password: req.Password}
	if req.Role != nil {
		in.Role = *req.Role
	}
	user, err := a.Accounts.CreateUser(ctx, who(c).UserID, in)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusCreated, user)
}

// UpdateUser changes an account's role, state or password.
func (a *API) UpdateUser(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	var req struct {
		Role     *string `json:"role" validate:"omitempty,oneof=user admin"`
		Disabled *bool   `json:"disabled"`
		Password *string `json:"password"`
	}
	if !decode(c, &req) {
		return
	}
	user, err := a.Accounts.UpdateUser(c.Request.Context(), who(c).UserID, who(c).SessionID, id,
		models.UserChange{Role: req.Role, Disabled: req.Disabled, Password: req.Password})
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, user)
}

// DeleteUser deletes an account with the decks it owns.
func (a *API) DeleteUser(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	if err := a.Accounts.DeleteUser(c.Request.Context(), who(c).UserID, id); err != nil {
		fail(c, err)
		return
	}
	done(c)
}
