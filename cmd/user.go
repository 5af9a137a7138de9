package cmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"text/tabwriter"
	"time"

	"aoki/models"
)

// userCmd works on the database itself, beside a running server if there is one:
// SQLite lets both write in turn, and the server notices within seconds what was
// done here.
type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Add a user; the password comes from standard input."`
	List    userListCmd    `cmd:"" help:"List the users."`
	Passwd  userPasswdCmd  `cmd:"" help:"Set a user's password from standard input, and sign out their devices."`
	Disable userDisableCmd `cmd:"" help:"Sign a user out everywhere and let them in no more."`
	Enable  userEnableCmd  `cmd:"" help:"Let a disabled user in again."`
}

type userAddCmd struct {
	Folder
	Name  string `arg:"" help:"The user's name."`
	Admin bool   `help:"Make them an admin."`
}

func (c *userAddCmd) Run(ctx context.Context, p *program) error {
	return p.withAccounts(ctx, &c.Folder, func(a *models.Accounts) error {
		password, err := p.newPassword(c.Name)
		if err != nil {
			return err
		}
		in := models.NewUser{Username: c.Name, Password: password, Role: models.RoleUser}
		if c.Admin {
			in.Role = models.RoleAdmin
		}
		user, err := a.CreateUser(ctx, 0, in)
		if err != nil {
			return err
		}
		return p.say("added %s (%s)\n", user.Username, user.Role)
	})
}

type userListCmd struct{ Folder }

func (c *userListCmd) Run(ctx context.Context, p *program) error {
	return p.withAccounts(ctx, &c.Folder, func(a *models.Accounts) error {
		table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tNAME\tROLE\tSTATE\tSINCE")
		for after := ""; ; {
			users, next, err := a.ListUsers(ctx, after, 200)
			if err != nil {
				return err
			}
			for _, u := range users {
				state := "active"
				if u.Disabled {
					state = "disabled"
				}
				fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\n", u.ID, u.Username, u.Role, state, u.CreatedAt.Format(time.DateOnly))
			}
			if after = next; next == "" {
				return table.Flush()
			}
		}
	})
}

type userPasswdCmd struct {
	Folder
	Name string `arg:"" help:"The user's name."`
}

func (c *userPasswdCmd) Run(ctx context.Context, p *program) error {
	return p.change(ctx, &c.Folder, c.Name, "the password of %s is set, and their devices are signed out\n", func(user models.User) (models.UserChange, error) {
		password, err := p.newPassword(user.Username)
		return models.UserChange{Password: &password}, err
	})
}

type userDisableCmd struct {
	Folder
	Name string `arg:"" help:"The user's name."`
}

func (c *userDisableCmd) Run(ctx context.Context, p *program) error {
	return p.change(ctx, &c.Folder, c.Name, "%s is disabled\n", setDisabled(true))
}

type userEnableCmd struct {
	Folder
	Name string `arg:"" help:"The user's name."`
}

func (c *userEnableCmd) Run(ctx context.Context, p *program) error {
	return p.change(ctx, &c.Folder, c.Name, "%s is enabled\n", setDisabled(false))
}

func setDisabled(to bool) func(models.User) (models.UserChange, error) {
	return func(models.User) (models.UserChange, error) { return models.UserChange{Disabled: &to}, nil }
}

// change finds a user by name and changes them as fn says.
func (p *program) change(ctx context.Context, f *Folder, name, done string, fn func(models.User) (models.UserChange, error)) error {
	return p.withAccounts(ctx, f, func(a *models.Accounts) error {
		user, err := a.UserByName(ctx, name)
		if models.ErrorCode(err) == models.NotFound {
			return fmt.Errorf("there is no user %q", name)
		}
		if err != nil {
			return err
		}
		change, err := fn(user)
		if err != nil {
			return err
		}
		if user, err = a.UpdateUser(ctx, 0, 0, user.ID, change); err != nil {
			return err
		}
		return p.say(done, user.Username)
	})
}

// withAccounts opens the store for one command. The actor in the audit is 0: who
// sits at the terminal.
func (p *program) withAccounts(ctx context.Context, f *Folder, fn func(*models.Accounts) error) (err error) {
	if err := p.checked(f); err != nil {
		return err
	}
	if err := f.prepare(); err != nil {
		return err
	}
	leave, err := f.share()
	if err != nil {
		return err
	}
	defer leave()
	db, err := models.Open(models.Options{Path: f.database(), Now: p.now, Logger: logger(p.stderr, "text", slog.LevelWarn)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	accounts, err := models.NewAccounts(db, models.AccountOptions{})
	if err != nil {
		return err
	}
	return fn(accounts)
}

func (p *program) say(format string, args ...any) error {
	_, err := fmt.Fprintf(p.stdout, format, args...)
	return err
}
