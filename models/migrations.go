package models

// migrations is the schema's history. Order is everything: a step that was
// released is never changed, new ones are added at the end. Statements end with
// ";" at the end of a line; {id}, {time} and {blob} are explained at ddl.
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
	// 3: studying. What a user knows of a card is the user's own, whoever's the deck is.
	// Times are microseconds since 1970, days those of the user since 1970.
	`
CREATE TABLE studies (
	user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	deck_id BIGINT NOT NULL REFERENCES decks (id) ON DELETE CASCADE,
	preset TEXT NOT NULL DEFAULT '{}',
	new_after BIGINT NOT NULL DEFAULT 0,
	ring_at BIGINT,
	rung_at BIGINT NOT NULL DEFAULT 0,
	snoozed_until BIGINT NOT NULL DEFAULT 0,
	studying_until BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (user_id, deck_id)
);
CREATE INDEX studies_deck ON studies (deck_id);
CREATE INDEX studies_ring ON studies (ring_at) WHERE ring_at IS NOT NULL;
CREATE TABLE schedules (
	card_id BIGINT NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
	user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	deck_id BIGINT NOT NULL,
	state BIGINT NOT NULL DEFAULT 0,
	steps_left BIGINT NOT NULL DEFAULT 0,
	stability DOUBLE PRECISION NOT NULL DEFAULT 0,
	difficulty DOUBLE PRECISION NOT NULL DEFAULT 0,
	due_at BIGINT NOT NULL DEFAULT 0,
	last_review_at BIGINT NOT NULL DEFAULT 0,
	reps BIGINT NOT NULL DEFAULT 0,
	lapses BIGINT NOT NULL DEFAULT 0,
	suspended BIGINT NOT NULL DEFAULT 0,
	buried_on BIGINT NOT NULL DEFAULT 0,
	buried_by BIGINT NOT NULL DEFAULT 0,
	flag BIGINT NOT NULL DEFAULT 0,
	leech BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (card_id, user_id)
);
CREATE INDEX schedules_queue ON schedules (user_id, deck_id, suspended, state, due_at, buried_on, card_id, last_review_at, stability, difficulty);
CREATE TABLE reviews (
	id {id},
	user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	card_id BIGINT NOT NULL,
	deck_id BIGINT NOT NULL,
	word TEXT,
	rating BIGINT NOT NULL,
	answered_at BIGINT NOT NULL,
	answered_in BIGINT NOT NULL,
	day BIGINT NOT NULL,
	state BIGINT NOT NULL,
	steps_left BIGINT NOT NULL,
	stability DOUBLE PRECISION NOT NULL,
	difficulty DOUBLE PRECISION NOT NULL,
	due_at BIGINT NOT NULL,
	last_review_at BIGINT NOT NULL,
	reps BIGINT NOT NULL,
	lapses BIGINT NOT NULL,
	next_due_at BIGINT NOT NULL,
	deeds BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX reviews_user ON reviews (user_id, id);
CREATE INDEX reviews_card ON reviews (card_id, user_id, id);
CREATE UNIQUE INDEX reviews_word ON reviews (user_id, word) WHERE word IS NOT NULL;
CREATE TABLE study_days (
	user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	day BIGINT NOT NULL,
	deck_id BIGINT NOT NULL,
	answers BIGINT NOT NULL DEFAULT 0,
	fresh BIGINT NOT NULL DEFAULT 0,
	reviews BIGINT NOT NULL DEFAULT 0,
	again BIGINT NOT NULL DEFAULT 0,
	hard BIGINT NOT NULL DEFAULT 0,
	good BIGINT NOT NULL DEFAULT 0,
	easy BIGINT NOT NULL DEFAULT 0,
	millis BIGINT NOT NULL DEFAULT 0,
	young BIGINT NOT NULL DEFAULT 0,
	young_kept BIGINT NOT NULL DEFAULT 0,
	mature BIGINT NOT NULL DEFAULT 0,
	mature_kept BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (user_id, day, deck_id)
);
CREATE TABLE reminders (
	id {id},
	user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	deck_id BIGINT REFERENCES decks (id) ON DELETE CASCADE,
	at TEXT NOT NULL,
	days BIGINT NOT NULL,
	threshold BIGINT NOT NULL DEFAULT 1,
	unless_studied BIGINT NOT NULL DEFAULT 0,
	enabled BIGINT NOT NULL DEFAULT 1,
	next_at BIGINT,
	created_at {time} NOT NULL
);
CREATE INDEX reminders_user ON reminders (user_id, id);
CREATE INDEX reminders_deck ON reminders (deck_id);
CREATE INDEX reminders_next ON reminders (next_at) WHERE next_at IS NOT NULL;
INSERT INTO reminders (user_id, at, days, next_at, created_at) SELECT id, '08:00', 127, 0, created_at FROM users ORDER BY id;
CREATE TABLE calls (
	user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	deck_id BIGINT NOT NULL,
	deed TEXT NOT NULL,
	at BIGINT NOT NULL,
	learning BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (user_id, deck_id, deed)
);
CREATE INDEX calls_at ON calls (at);
CREATE INDEX notifications_due ON notifications (user_id, group_key) WHERE kind = 'cards.due' AND recalled_at IS NULL;
`,
	// 4: pictures and sounds. Their contents are here as well, in pieces, so that a backup
	// is one file. State: 0 arrives, 1 is there, 2 goes. Times are microseconds since 1970.
	`
CREATE TABLE media (
	id {id},
	hash TEXT NOT NULL,
	type TEXT NOT NULL,
	ext TEXT NOT NULL,
	size BIGINT NOT NULL,
	width BIGINT NOT NULL DEFAULT 0,
	height BIGINT NOT NULL DEFAULT 0,
	state BIGINT NOT NULL DEFAULT 0,
	loose_since BIGINT,
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX media_hash ON media (hash) WHERE state = 1;
CREATE INDEX media_unsettled ON media (id) WHERE state <> 1;
CREATE INDEX media_loose ON media (loose_since) WHERE loose_since IS NOT NULL;
CREATE TABLE media_chunks (
	media_id BIGINT NOT NULL REFERENCES media (id),
	n BIGINT NOT NULL,
	data {blob} NOT NULL,
	PRIMARY KEY (media_id, n)
);
CREATE TABLE media_users (
	user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	media_id BIGINT NOT NULL REFERENCES media (id),
	size BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (user_id, media_id)
);
CREATE INDEX media_users_media ON media_users (media_id);
CREATE INDEX media_users_size ON media_users (user_id, size);
CREATE TABLE note_media (
	note_id BIGINT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
	media_id BIGINT NOT NULL REFERENCES media (id),
	PRIMARY KEY (note_id, media_id)
);
CREATE INDEX note_media_media ON note_media (media_id, note_id);
`,
}
