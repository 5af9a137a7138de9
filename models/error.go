package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"
)

// Codes of [Error] that more than one file uses. A code is a stable word for
// machines; clients translate by it.
const (
	NotFound            = "not_found"
	Forbidden           = "forbidden"
	Invalid             = "validation_failed"
	Conflict            = "conflict"
	Unavailable         = "unavailable"
	StorageFull         = "storage_full"
	Canceled            = "canceled"
	Internal            = "internal"
	IdempotencyConflict = "idempotency_conflict"
)

// Error is a refusal: a code for machines, a sentence for people, and for
// validation the fields that are meant.
type Error struct {
	Code       string
	Message    string
	Fields     []Field
	RetryAfter time.Duration // when to try again; 0 says nothing about it
	Err        error         // the cause, for the log only
}

// Field names one wrong field of a request and says what is wrong with it.
type Field struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Err)
	}
	return e.Code + ": " + e.Message
}

func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error with a code and a sentence.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// InvalidField makes a validation_failed about one field.
func InvalidField(field, format string, args ...any) *Error {
	msg := fmt.Sprintf(format, args...)
	return &Error{Code: Invalid, Message: field + " " + msg, Fields: []Field{{Field: field, Message: msg}}}
}

// AsError turns any error of this package's functions into an *Error; nil stays
// nil. What it does not know becomes "internal", with the cause kept for the log.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	var lite sqlite3.Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return &Error{Code: NotFound, Message: "there is no such thing here", Err: err}
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return &Error{Code: Conflict, Message: "this exists already", Err: err}
	case errors.Is(err, context.Canceled):
		return &Error{Code: Canceled, Message: "the request was given up", Err: err}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, sql.ErrConnDone), err.Error() == databaseClosed:
		return unavailable(err)
	case errors.As(err, &lite) && storeIsAway(lite.Code):
		return refused(err)
	}
	return &Error{Code: Internal, Message: "something went wrong on the server", Err: err}
}

// databaseClosed is what database/sql says of a closed pool; the error itself is
// not exported.
const databaseClosed = "sql: database is closed"

// ErrorCode is the code of any error, "" for nil.
func ErrorCode(err error) string {
	if err == nil {
		return ""
	}
	return AsError(err).Code
}

func unavailable(cause error) *Error {
	return &Error{Code: Unavailable, Message: "the store can't take this right now", RetryAfter: 2 * time.Second, Err: cause}
}

// refused is what the store's own error means for who wanted to write.
func refused(cause error) *Error {
	if isFull(cause) {
		return &Error{Code: StorageFull, Message: "the server's disk is full: try again when there is room", RetryAfter: 30 * time.Second, Err: cause}
	}
	return unavailable(cause)
}

// StoreIsAway reports whether an error is the store's own, and passes with it: it
// is busy, closed, full, or can't be read.
func StoreIsAway(err error) bool {
	code := ErrorCode(err)
	return code == Unavailable || code == StorageFull
}

// isFull reports whether the disk had no room, or the process may not have more of
// it. That may be the second of two errors: after the first, a transaction is gone.
func isFull(err error) bool {
	switch e := err.(type) {
	case nil:
		return false
	case sqlite3.Error:
		return e.Code == sqlite3.ErrFull || e.Code == sqlite3.ErrIoErr &&
			(e.SystemErrno == syscall.ENOSPC || e.SystemErrno == syscall.EDQUOT || e.SystemErrno == syscall.EFBIG)
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), isFull)
	}
	return isFull(errors.Unwrap(err))
}

func isBusy(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && lite.Code == sqlite3.ErrBusy
}

// storeIsAway reports whether SQLite's primary result code speaks of the disk or
// of other processes, and not of the statement.
func storeIsAway(code sqlite3.ErrNo) bool {
	switch code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrReadonly,
		sqlite3.ErrCantOpen, sqlite3.ErrNomem, sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrProtocol:
		return true
	}
	return false
}
