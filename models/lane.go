package models

import (
	"context"
	"database/sql"
)

// lane is the writing connection, as GORM has it. While a closure runs, it makes the
// closure's savepoint right before its first statement: what only adds to the batch in
// memory needs none, and making and releasing one are two statements. A statement that
// merely reads needs it too, for when it fails it may take the transaction with it.
type lane struct {
	*sql.Conn
	waiting bool  // a closure runs that has no savepoint yet
	lost    error // the savepoint could not be made: the transaction is gone
}

// enter begins a closure.
func (l *lane) enter() { l.waiting, l.lost = true, nil }

// leave ends a closure, and reports whether it has a savepoint.
func (l *lane) leave() (made bool, lost error) {
	made, lost = !l.waiting, l.lost
	l.waiting, l.lost = false, nil
	return made, lost
}

func (l *lane) before() error {
	if l.waiting {
		l.waiting = false
		_, l.lost = l.Conn.ExecContext(context.Background(), "SAVEPOINT change")
	}
	return l.lost
}

func (l *lane) ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	if err := l.before(); err != nil {
		return nil, err
	}
	return l.Conn.ExecContext(ctx, statement, args...)
}

func (l *lane) QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	if err := l.before(); err != nil {
		return nil, err
	}
	return l.Conn.QueryContext(ctx, statement, args...)
}

func (l *lane) QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row {
	if err := l.before(); err != nil {
		// Only database/sql makes rows that are errors: this is one.
		gone, cancel := context.WithCancel(ctx)
		cancel()
		return l.Conn.QueryRowContext(gone, statement, args...)
	}
	return l.Conn.QueryRowContext(ctx, statement, args...)
}

// PrepareContext is there because GORM asks for it, and is not used: a statement that
// is kept would bypass the savepoint.
func (l *lane) PrepareContext(ctx context.Context, statement string) (*sql.Stmt, error) {
	if err := l.before(); err != nil {
		return nil, err
	}
	return l.Conn.PrepareContext(ctx, statement)
}

// aside runs a query that the closure's savepoint is not needed for.
func (l *lane) aside(query func() error) error {
	defer func(waiting bool) { l.waiting = waiting }(l.waiting)
	l.waiting = false
	return query()
}
