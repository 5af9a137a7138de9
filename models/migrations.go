package models

// migrations is the schema's history. Order is everything: a step that was
// released is never changed, new ones are added at the end. Statements end with
// ";" at the end of a line; {id} and {time} are explained at ddl.
var migrations = []string{
	// 1: accounts, the log, the inbox, decks.
	`
CREATE TABLE users (
	id {id},
	username TEXT NOT NULL,
	username_key TEXT NOT NULL UNIQUE,
	password_hash TEXT NOT NULL,
	role TEXT NOT NULL,
	locale TEXT NOT NULL DEFAULT 'en',
	time_zone TEXT NOT NULL DEFAULT 'UTC',
	preferences TEXT NOT NULL DEFAULT '{}',
	created_at {time} NOT NULL,
	disabled_at {time}
);
CREATE TABLE sessions (
	id {id},
	user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	generation BIGINT NOT NULL DEFAULT 0,
	refresh_hash TEXT NOT NULL DEFAULT '',
	rotated_at {time} NOT NULL,
	user_agent TEXT NOT NULL DEFAULT '',
	ip TEXT NOT NULL DEFAULT '',
	created_at {time} NOT NULL,
	last_seen_at {time} NOT NULL,
	expires_at {time} NOT NULL,
	ended_at {time}
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE logs (
	user_id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	head BIGINT NOT NULL DEFAULT 0,
	trimmed BIGINT NOT NULL DEFAULT 0,
	broadcast BIGINT NOT NULL DEFAULT 0,
	unread BIGINT NOT NULL DEFAULT 0,
	unseen BIGINT NOT NULL DEFAULT 0,
	delivered BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE events (
	user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	seq BIGINT NOT NULL,
	name TEXT NOT NULL,
	payload TEXT NOT NULL,
	unread BIGINT,
	unseen BIGINT,
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX events_user_seq ON events (user_id, seq);
CREATE TABLE pushes (
	id {id},
	sender_id BIGINT NOT NULL,
	audience TEXT NOT NULL,
	recipients BIGINT NOT NULL,
	online BIGINT NOT NULL DEFAULT 0,
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	link TEXT NOT NULL,
	data TEXT NOT NULL,
	created_at {time} NOT NULL
);
CREATE TABLE broadcasts (
	seq {id},
	push_id BIGINT NOT NULL REFERENCES pushes (id),
	created_at {time} NOT NULL
);
CREATE TABLE notifications (
	user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	seq BIGINT NOT NULL,
	push_id BIGINT,
	kind TEXT NOT NULL,
	group_key TEXT NOT NULL DEFAULT '',
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	link TEXT NOT NULL,
	data TEXT NOT NULL,
	created_at {time} NOT NULL,
	updated_at {time} NOT NULL,
	seen_at {time},
	read_at {time},
	archived_at {time},
	recalled_at {time}
);
CREATE UNIQUE INDEX notifications_user_seq ON notifications (user_id, seq);
CREATE INDEX notifications_open ON notifications (user_id, seq) WHERE archived_at IS NULL AND recalled_at IS NULL AND (read_at IS NULL OR seen_at IS NULL);
CREATE INDEX notifications_group ON notifications (user_id, group_key, seq) WHERE group_key <> '';
CREATE INDEX notifications_push ON notifications (push_id) WHERE push_id IS NOT NULL;
CREATE TABLE idempotency (
	sender TEXT NOT NULL,
	word TEXT NOT NULL,
	hash TEXT NOT NULL,
	result TEXT NOT NULL,
	created_at {time} NOT NULL,
	PRIMARY KEY (sender, word)
);
CREATE INDEX idempotency_age ON idempotency (created_at);
CREATE TABLE audit (
	id {id},
	actor_id BIGINT NOT NULL,
	action TEXT NOT NULL,
	target TEXT NOT NULL,
	detail TEXT NOT NULL,
	created_at {time} NOT NULL
);
CREATE TABLE decks (
	id {id},
	owner_id BIGINT NOT NULL REFERENCES users (id),
	name TEXT NOT NULL,
	description TEXT NOT NULL DEFAULT '',
	notes BIGINT NOT NULL DEFAULT 0,
	cards BIGINT NOT NULL DEFAULT 0,
	created_at {time} NOT NULL,
	updated_at {time} NOT NULL
);
CREATE INDEX decks_owner ON decks (owner_id);
CREATE TABLE deck_members (
	deck_id BIGINT NOT NULL REFERENCES decks (id) ON DELETE CASCADE,
	user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	role TEXT NOT NULL,
	created_at {time} NOT NULL,
	PRIMARY KEY (deck_id, user_id)
);
CREATE INDEX deck_members_user ON deck_members (user_id, deck_id);
CREATE TABLE notes (
	id {id},
	deck_id BIGINT NOT NULL REFERENCES decks (id) ON DELETE CASCADE,
	type TEXT NOT NULL,
	fields TEXT NOT NULL,
	tags TEXT NOT NULL DEFAULT '[]',
	search TEXT NOT NULL DEFAULT '',
	created_at {time} NOT NULL,
	updated_at {time} NOT NULL
);
CREATE INDEX notes_deck ON notes (deck_id, id);
CREATE TABLE cards (
	id {id},
	note_id BIGINT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
	deck_id BIGINT NOT NULL REFERENCES decks (id) ON DELETE CASCADE,
	ord BIGINT NOT NULL,
	created_at {time} NOT NULL,
	UNIQUE (note_id, ord)
);
CREATE INDEX cards_deck ON cards (deck_id, id);
`,
	// 2: everyone is counted without being looked at.
	`
CREATE INDEX users_disabled ON users (id) WHERE disabled_at IS NOT NULL;
`,
}
