package modelstest

import (
	"context"
	"slices"
	"sync"

	"aoki/models"
)

// Cheap is a cost at which a test can hash many passwords.
var Cheap = models.PasswordCost{Memory: 64, Iterations: 1}

// Sockets keeps what was closed.
type Sockets struct {
	mu       sync.Mutex
	sessions []int64
	users    []int64
}

// CloseSession keeps the session.
func (s *Sockets) CloseSession(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = append(s.sessions, id)
}

// CloseUser keeps the user.
func (s *Sockets) CloseUser(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users = append(s.users, id)
}

// Take gives what was closed since the last Take, sorted.
func (s *Sockets) Take() (sessions, users []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sessions, users = s.sessions, s.users
	s.sessions, s.users = nil, nil
	slices.Sort(sessions)
	slices.Sort(users)
	return sessions, users
}

// Accounts are the store's accounts, with cheap passwords.
func (s *Store) Accounts(sockets models.Sockets) *models.Accounts {
	s.t.Helper()
	a, err := models.NewAccounts(s.DB, models.AccountOptions{Key: []byte("a secret of tests only"), Cost: Cheap, Sockets: sockets})
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// Password is every test user's.
const Password = "correct horse"

// Account adds a user who can sign in with Password.
func (s *Store) Account(a *models.Accounts, name, role string) models.User {
	s.t.Helper()
	u, err := a.CreateUser(context.Background(), 0, models.NewUser{Username: name, Password: Password, Role: role})
	if err != nil {
		s.t.Fatal(err)
	}
	return u
}
