// Generated from routes/openapi.yaml by `npm run types`. Do not edit.

export interface paths {
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Does this server need its first admin, and may people register? */
        get: operations["getSetup"];
        put?: never;
        /**
         * Make the first admin, with the one-time word that the first start prints
         * @description Possible only while there is no user at all. The answer signs in, as login does. A repeat under the same Idempotency-Key makes nobody and signs the same user in again,
         *     with a session of its own, as long as the password is still right (else 401): tokens are kept nowhere.
         */
        post: operations["setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an account and sign in
         * @description 403 `registration_closed` unless registration is open; 409 `conflict` when the name is taken, in whatever case. A repeat under the same Idempotency-Key makes nobody and
         *     signs the same user in again, with a session of its own, as long as the password is still right (else 401): tokens are kept nowhere.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Sets the cookies `aoki_access` and `aoki_refresh` (HttpOnly, SameSite=Strict). Programs that want to stay signed in send
         *     `"offline": true` and get a `refresh_token` in the answer. A wrong password, an unknown and a disabled user are the same
         *     401 `invalid_credentials` and cost the same time. There is no Idempotency-Key here: to give the same answer again its tokens would have to be kept. A repeat
         *     begins one session more, which the user sees among their devices.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new access token for a refresh token
         * @description With the refresh cookie, or with `refresh_token` in the body for programs. Each refresh token serves once. Its direct predecessor is
         *     tolerated for 10 s (two tabs) and gets the same successor again; an older one ends the session. The session's open sockets are prolonged.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End this session
         * @description Its sockets close with 4501, its access tokens are refused at once, the cookies are removed.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The user's own devices, last seen first */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign a device out
         * @description Its sockets close with 4501. Ending the current one is a logout.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I? */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change locale, time zone or preferences
         * @description What is left out stays. `preferences` is merged by its top-level keys; a key set to null is removed. Log event: `me.updated`.
         */
        patch: operations["updateMe"];
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the password
         * @description Ends all other sessions of the user; this one stays. A wrong current password is 403 `wrong_password`.
         */
        put: operations["changePassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The decks I own or share, oldest first */
        get: operations["listDecks"];
        put?: never;
        /**
         * Make a deck
         * @description The caller is its owner. Log event: `deck.created`. A user owns at most 1,000 decks (409 `limit_reached`).
         */
        post: operations["createDeck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** One deck */
        get: operations["getDeck"];
        put?: never;
        post?: never;
        /**
         * Delete a deck with its notes and cards, for all its members
         * @description For its owner; others get 403. Log event to all members: `deck.deleted`.
         */
        delete: operations["deleteDeck"];
        options?: never;
        head?: never;
        /**
         * Rename or describe a deck
         * @description For its owner and editors; a viewer gets 403. Log event to all members: `deck.updated`.
         */
        patch: operations["updateDeck"];
        trace?: never;
    };
    "/api/v1/decks/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Who has this deck, the owner first */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decks/{id}/members/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
                /**
                 * @description The user's name, in whatever case.
                 * @example ann
                 */
                username: components["parameters"]["Username"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Share the deck with somebody, or change their role
         * @description For the owner; others get 403. Somebody new gets the log event `deck.created` and a notification `deck.shared`; the members get
         *     `deck.updated`. The owner's own role can't be changed (409 `conflict`); at most 1,000 users have a deck (409 `limit_reached`). An
         *     unknown user is 404 with the field `username`, an unknown deck 404 without fields. Putting what is already so changes nothing.
         */
        put: operations["putMember"];
        post?: never;
        /**
         * Take the deck from a member, or leave it oneself
         * @description The owner removes others; everybody else may remove only themselves, others are 403. The owner can't leave (409 `conflict`). Who is
         *     removed gets the log event `deck.deleted`, the members get `deck.updated`. Who doesn't have the deck is 404 with the field `username`.
         */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decks/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** The notes of a deck, newest first */
        get: operations["listNotes"];
        put?: never;
        /**
         * Add a note, and with it its cards
         * @description For the owner and editors; a viewer gets 403. A basic note makes one card, a reversed one two, a cloze one a card for each number.
         *     The log event `card.created` reaches every device of every member, the author's too, and with it a notification `deck.changed`. A deck
         *     has at most 50,000 notes (409 `limit_reached`).
         */
        post: operations["createNote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep a picture or a sound, to show it on cards
         * @description The body is the file as it is, or a form with it as the one part `file`. What it is is found out from its bytes, whatever is claimed: PNG, JPEG, GIF, WebP and AVIF of
         *     at most 10 MiB, 20,000 pixels on a side and 64 million in all; MP3, M4A, AAC, Ogg (Opus, Vorbis, FLAC), WebM, FLAC and WAV of at most 20 MiB. It is named by its SHA-256:
         *     the same file again is the same answer.
         *
         *     Write its `url` into a note, as `![name](url)`: whoever has the deck can read it from then on. Until then only those can who brought it. What no note has shown for a week
         *     is deleted. A user may bring 1 GiB in all unless the server says otherwise (`limit_reached`). Two files of a user can arrive at the same time; a further one waits a while, then
         *     it is 429.
         */
        post: operations["addMedia"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The file's SHA-256 in hexadecimal digits, with its ending: the last part of its `url`. What is no such name is 404.
                 * @example 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.png
                 */
                file: string;
            };
            cookie?: never;
        };
        /**
         * A picture or a sound
         * @description For who brought it, and for who has a deck with a note that shows it. Its contents never change, so it may be kept for good; `Range` and conditional requests are answered.
         */
        get: operations["getMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** One note with its cards */
        get: operations["getNote"];
        put?: never;
        post?: never;
        /**
         * Delete a note with its cards
         * @description For the owner and editors; a viewer gets 403. Log event to all members: `card.deleted`; all but the author get a notification `deck.changed`.
         */
        delete: operations["deleteNote"];
        options?: never;
        head?: never;
        /**
         * Edit a note
         * @description For the owner and editors; a viewer gets 403. What is left out stays; `fields` that are given replace those of the same name. The type
         *     stays as it was made. Cards whose number is still there keep their id; new numbers make cards, numbers that went take theirs away. Log
         *     event to all members: `card.updated`; all but the author get a notification `deck.changed`. A change that changes nothing is none.
         */
        patch: operations["updateNote"];
        trace?: never;
    };
    "/api/v1/cards/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * One card with its two sides
         * @description Question and answer are Markdown. A cloze card's question shows **[…]** (or **[hint]**) for the clozes of its own number and the answers
         *     of all others as plain text; its answer shows its own in bold, and `Extra` below. In code and formulas nothing is bold.
         */
        get: operations["getCard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Suspend a card, bury it for today, or flag it; for the caller alone
         * @description A suspended card is not asked until it is released; a buried one comes back with the next day (04:00 in the user's time zone). Other devices learn of it
         *     by `schedule.updated`.
         */
        patch: operations["updateCard"];
        trace?: never;
    };
    "/api/v1/cards/{id}/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** The caller's answers to a card, newest first */
        get: operations["listCardReviews"];
        put?: never;
        /**
         * Answer a card
         * @description Before it is due too. The card that comes back is exactly what the rating's interval promised. A `key` names what was answered (such as this card at this repetition): an answer
         *     to the same card under a key that the user has used is the first one again, whatever its rating; for another card it is 422 `idempotency_conflict`. A suspended card is 409 `suspended`.
         */
        post: operations["createReview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviews/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Undo the caller's last answer
         * @description The card, its siblings and the day's figures are as before; undoing again undoes the answer before that. An answer that is not the caller's last one is 409 `not_last_review`; answers to cards that are gone since, which can't be undone (404), don't count.
         */
        delete: operations["undoReview"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decks/{id}/queue": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * The cards to study now
         * @description In this order: learning cards that are due, then reviews that are due today and new cards, mixed, within the day's limits; last those learning cards that will be due within
         *     20 minutes. A day begins at 04:00 in the user's time zone. `counts` say how many there are of each, however many `limit` lets through.
         */
        get: operations["getQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decks/{id}/preset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** How the caller studies a deck */
        get: operations["getPreset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change how the caller studies a deck
         * @description What is left out stays; null is the default again. It holds from the next answer on: cards keep the dates they have. Other devices learn of it by `preset.updated`.
         */
        patch: operations["updatePreset"];
        trace?: never;
    };
    "/api/v1/decks/{id}/studying": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Somebody sits before this deck
         * @description For the next 60 seconds learning cards of this deck that fall due don't ring. A review screen says it while cards are being answered.
         */
        put: operations["startStudying"];
        post?: never;
        /** Nobody sits before this deck any more */
        delete: operations["stopStudying"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the caller studies a deck, or all of theirs
         * @description All of it is of one moment. Answers count by the caller's days, which begin at 04:00 in their time zone; those in decks that are gone are among them, unless `deck` asks for one.
         *     Cards are those of the decks that the caller has now.
         */
        get: operations["getStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reminders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's reminders: the daily digest over all decks, and those of single decks */
        get: operations["listReminders"];
        put?: never;
        /**
         * Add a reminder
         * @description Without `deck_id` it is a digest over all decks.
         */
        post: operations["createReminder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reminders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a reminder */
        delete: operations["deleteReminder"];
        options?: never;
        head?: never;
        /** Change a reminder */
        patch: operations["updateReminder"];
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The caller's log, as a poll or as server-sent events
         * @description **Poll** (`application/json`): the events after `since`, oldest first, at most `limit`; without `since` from the beginning. With `wait` the answer is held
         *     until there is something, at most that many seconds. A cursor that can't be served is answered with `reset` and no events: load the lists again and go on from
         *     `reset.head`. Its `reason` is `epoch` (a backup was restored: the numbers mean other events now), `trimmed` (the log does not reach back that far) or `ahead`
         *     (no such event yet).
         *
         *     **Retention**: the log keeps each event for 90 days and at most 10,000 of a user (both configurable). A cursor at the last event that was trimmed is still served; what
         *     is read is never with a gap. Without `since`, a log whose beginning is gone is a `reset` too.
         *
         *     **SSE** (`Accept: text/event-stream`): the same log without end; `id:` is `epoch:seq` and `Last-Event-ID` resumes; without one and without `since`
         *     the stream begins at the head. Every `data:` is one event as on the socket, its name inside. `reset` comes as such an event too, and `bye`, which has no `id:`. The stream ends
         *     when the access token expires; EventSource reconnects by itself.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The inbox, newest first
         * @description `unread`, `unseen`, `epoch` and `head` are of the same moment as the items: a client that goes on from `head` misses nothing.
         */
        get: operations["listNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/mark": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark notifications as seen, read or archived
         * @description Either `ids` or `up_to` (that one and all older ones), and at least one of the marks. When one of the ids is not
         *     in the caller's inbox, the answer is 404 and nothing changes. Reading and archiving are seeing too. What changed reaches all the user's devices as `notification.marked`; marking what is already so changes nothing.
         */
        post: operations["markNotifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{id}/snooze": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The notification's id.
                 * @example 5-17
                 */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let due cards call again later
         * @description Takes a `cards.due` away on all devices. It comes back after so many minutes, if cards are still due then. Any other kind is 409.
         */
        post: operations["snoozeNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/pushes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The pushes, newest first */
        get: operations["listPushes"];
        put?: never;
        /**
         * Push a notification to some, to a deck's members, or to everybody
         * @description 201 comes after the push is on disk; every member of the audience then gets it exactly once, online or not. With `dry_run` nothing is
         *     stored and the answer is 200 with the audience. A name that nobody has is 422 with the field `to.users`, and nothing is sent.
         */
        post: operations["createPush"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/pushes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** One push */
        get: operations["getPush"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All users, by name */
        get: operations["listUsers"];
        put?: never;
        /** Make an account */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an account with the decks it owns
         * @description Closes the user's sockets (4502). The last enabled admin can't be deleted (409).
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Change an account's role, state or password
         * @description Disabling closes the user's sockets (4502) and ends their sessions; a new password ends their sessions. The last enabled admin can neither be
         *     disabled nor lose the role (409).
         */
        patch: operations["updateUser"];
        trace?: never;
    };
    "/api/v1/openapi.yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenAPI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/asyncapi.yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The frames of the socket */
        get: operations["getAsyncAPI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A viewer for this document, which loads nothing from outside */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docs/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of the viewer */
        get: operations["getDocsFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alive? */
        get: operations["getLivezOfAPI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready to serve?
         * @description 503 while the store is away (`unavailable`), while its disk is full, so that it is read but not written (`read_only`), and while the server is stopping (`stopping`).
         */
        get: operations["getReadyzOfAPI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alive? */
        get: operations["getLivez"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready to serve?
         * @description 503 while the store is away (`unavailable`), while its disk is full, so that it is read but not written (`read_only`), and while the server is stopping (`stopping`).
         */
        get: operations["getReadyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The socket
         * @description A WebSocket of text frames, one JSON object each; see `/api/v1/asyncapi.yaml`. The token is checked before the upgrade, in one of three ways: the
         *     Bearer header (programs), the cookie (pages of this site), the subprotocols `aoki.v1, bearer.<JWT>` (pages of other sites; the answer is `aoki.v1`
         *     alone). A request with an `Origin` is served only if that is exactly this site or on the configured list; one with a cookie only if it has an `Origin`.
         */
        get: operations["openSocket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description RFC 9457. `code` is for machines and never changes its meaning; `detail` is for people. */
        Problem: {
            /**
             * Format: uri-reference
             * @constant
             */
            type: "about:blank";
            /** @description The status in words. */
            title: string;
            status: number;
            detail: string;
            /** @example not_found */
            code: string;
            /** @description Which fields are at fault, named as in the body (`to.users`) or the query. */
            fields: components["schemas"]["ProblemField"][];
        };
        ProblemField: {
            field: string;
            message: string;
        };
        Health: {
            /** @constant */
            status: "ok";
        };
        /** @description The cursor of the next page; null on the last one. */
        Next: string | null;
        /**
         * Format: int64
         * @description Opaque.
         */
        Id: number;
        /**
         * Format: date-time
         * @example 2026-01-02T03:04:05Z
         */
        Time: string;
        /** Format: date-time */
        TimeOrNull: string | null;
        /** @enum {string} */
        Role: "user" | "admin";
        /** @enum {string} */
        Locale: "en" | "zh-CN";
        /**
         * @description Letters and digits of any script, `_`, `.` and `-`, beginning with a letter or digit; unique in whatever case.
         * @example ann
         */
        UsernameInput: string;
        /** Format: password */
        PasswordInputText: string;
        SetupState: {
            /** @description There is no user yet. */
            needed: boolean;
            /** @enum {string} */
            registration: "open" | "closed";
        };
        SetupInput: {
            /** @description The one-time word of the setup link. */
            token: string;
            username: components["schemas"]["UsernameInput"];
            password: components["schemas"]["PasswordInputText"];
            /**
             * @description Give a refresh token in the answer.
             * @default false
             */
            offline?: boolean;
        };
        RegisterInput: {
            username: components["schemas"]["UsernameInput"];
            password: components["schemas"]["PasswordInputText"];
            /**
             * @description Give a refresh token in the answer.
             * @default false
             */
            offline?: boolean;
        };
        LoginInput: {
            /** @example ann */
            username: string;
            /** Format: password */
            password: string;
            /**
             * @description Give a refresh token in the answer.
             * @default false
             */
            offline?: boolean;
        };
        RefreshInput: {
            refresh_token?: string;
        };
        SignedIn: {
            /** @description A JWT. */
            access_token: string;
            /** @constant */
            token_type: "Bearer";
            /**
             * @description Seconds.
             * @example 900
             */
            expires_in: number;
            /** @description Only for programs that asked with `offline`. */
            refresh_token?: string;
            user: components["schemas"]["User"];
        };
        User: {
            id: components["schemas"]["Id"];
            username: string;
            role: components["schemas"]["Role"];
        };
        UserRef: {
            id: components["schemas"]["Id"];
            username: string;
        };
        Session: {
            id: components["schemas"]["Id"];
            /** @description The one that asks. */
            current: boolean;
            user_agent: string;
            ip: string;
            created_at: components["schemas"]["Time"];
            last_seen_at: components["schemas"]["Time"];
        };
        SessionPage: {
            items: components["schemas"]["Session"][];
            next: components["schemas"]["Next"];
        };
        /** @description The client's own settings; at most 8 KiB of JSON. */
        Preferences: {
            [key: string]: unknown;
        };
        Me: {
            id: components["schemas"]["Id"];
            username: string;
            role: components["schemas"]["Role"];
            locale: components["schemas"]["Locale"];
            /**
             * @description An IANA name.
             * @example Europe/Vienna
             */
            time_zone: string;
            preferences: components["schemas"]["Preferences"];
            created_at: components["schemas"]["Time"];
        };
        MeUpdate: {
            locale?: components["schemas"]["Locale"];
            time_zone?: string;
            preferences?: components["schemas"]["Preferences"];
        };
        PasswordInput: {
            /** Format: password */
            current_password: string;
            new_password: components["schemas"]["PasswordInputText"];
        };
        /** @enum {string} */
        DeckRole: "owner" | "editor" | "viewer";
        /** @description Cards, for the caller. */
        DeckCounts: {
            /** @description New cards that the day's limit lets in. */
            new: number;
            /** @description Learning cards that are due, or will be within 20 minutes. */
            learning: number;
            /** @description Reviews that are due today, within the day's limit. */
            due: number;
            /** @description All cards. */
            total: number;
        };
        Deck: {
            id: components["schemas"]["Id"];
            name: string;
            description: string;
            role: components["schemas"]["DeckRole"];
            counts: components["schemas"]["DeckCounts"];
            /** @description When the next card falls due of a deck with nothing to study now; else null. */
            next_due_at: components["schemas"]["TimeOrNull"];
            /** @description How many have it, the owner included. */
            members: number;
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        DeckPage: {
            items: components["schemas"]["Deck"][];
            next: components["schemas"]["Next"];
        };
        DeckInput: {
            /** @example Spanish */
            name: string;
            /** @default  */
            description?: string;
        };
        DeckUpdate: {
            name?: string;
            description?: string;
        };
        Member: {
            user: components["schemas"]["UserRef"];
            role: components["schemas"]["DeckRole"];
        };
        MemberPage: {
            items: components["schemas"]["Member"][];
            next: components["schemas"]["Next"];
        };
        MemberInput: {
            /** @enum {string} */
            role: "viewer" | "editor";
        };
        /**
         * @example {
         *       "hash": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
         *       "url": "/api/v1/media/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.png",
         *       "type": "image/png",
         *       "size": 5120,
         *       "width": 640,
         *       "height": 480
         *     }
         */
        Media: {
            /** @description SHA-256 of the file, in hexadecimal digits. */
            hash: string;
            /** @description Where it is read, and what a note writes: `/api/v1/media/` and its name. */
            url: string;
            /** @description What its bytes are, such as `image/png`. */
            type: string;
            /**
             * Format: int64
             * @description In bytes.
             */
            size: number;
            /** @description In pixels; of a picture. */
            width?: number;
            /** @description In pixels; of a picture. */
            height?: number;
        };
        /** @enum {string} */
        NoteType: "basic" | "reversed" | "cloze";
        /**
         * @description Markdown. `Front` and `Back` for basic and reversed notes, `Text` and `Extra` for cloze; any other name is 422. The first of them must not
         *     be blank, of a reversed note neither. What is left out of a new note is empty.
         */
        NoteFields: {
            Front?: string;
            Back?: string;
            /** @description With at least one `{{c1::answer}}` or `{{c1::answer::hint}}`, numbers 1–100. Braces in an answer count in pairs; clozes may stand within each other. */
            Text?: string;
            Extra?: string;
        };
        /** @description Spaces around a tag are cut off; of those that differ in case only the first stays. The order is kept. */
        Tags: string[];
        Note: {
            id: components["schemas"]["Id"];
            deck_id: components["schemas"]["Id"];
            type: components["schemas"]["NoteType"];
            fields: components["schemas"]["NoteFields"];
            tags: components["schemas"]["Tags"];
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
        };
        NotePage: {
            items: components["schemas"]["Note"][];
            next: components["schemas"]["Next"];
        };
        NoteInput: {
            type: components["schemas"]["NoteType"];
            fields: components["schemas"]["NoteFields"];
            tags?: components["schemas"]["Tags"];
        };
        NoteUpdate: {
            /** @description Only what it is already: another one is 422. */
            type?: components["schemas"]["NoteType"];
            fields?: components["schemas"]["NoteFields"];
            tags?: components["schemas"]["Tags"];
        };
        NoteWithCards: {
            note: components["schemas"]["Note"];
            cards: components["schemas"]["CardRef"][];
        };
        CardRef: {
            id: components["schemas"]["Id"];
            note_id: components["schemas"]["Id"];
            /** @description Which card of its note; for cloze the number less one. */
            ord: number;
        };
        /** @enum {string} */
        CardState: "new" | "learning" | "review" | "relearning";
        /** @description Seconds until the card would be due again, for each rating. */
        Intervals: {
            again: number;
            hard: number;
            good: number;
            easy: number;
        };
        Card: {
            id: components["schemas"]["Id"];
            note_id: components["schemas"]["Id"];
            deck_id: components["schemas"]["Id"];
            ord: number;
            type: components["schemas"]["NoteType"];
            /** @description Markdown. */
            question: string;
            /** @description Markdown. */
            answer: string;
            state: components["schemas"]["CardState"];
            due_at: components["schemas"]["TimeOrNull"];
            last_review_at: components["schemas"]["TimeOrNull"];
            /** @description Days after which it is remembered with 90 %; 0 of a new card. */
            stability: number;
            /** @description 1 to 10; 0 of a new card. */
            difficulty: number;
            /** @description The probability, 0 to 1, that it is remembered today; 0 of a new card. */
            retrievability: number;
            /** @description Answers so far. */
            reps: number;
            /** @description Times that a review was answered Again. */
            lapses: number;
            suspended: boolean;
            /** @description Until the next day. */
            buried: boolean;
            /** @description Has lapsed as often as the preset lets a card lapse. */
            leech: boolean;
            /** @description 0 is none. */
            flag: number;
            intervals: components["schemas"]["Intervals"];
        };
        CardUpdate: {
            suspended?: boolean;
            buried?: boolean;
            flag?: number;
        };
        Queue: {
            items: components["schemas"]["Card"][];
            counts: components["schemas"]["DeckCounts"];
            /** @description The server's clock. */
            now: components["schemas"]["Time"];
            /** @description When the next learning card falls due that is not among the items. */
            next_due_at: components["schemas"]["TimeOrNull"];
            /** @description What the caller has answered in this deck since the day began. */
            today: {
                /** @description All of them. */
                answers: number;
                /** @description New cards begun. */
                new: number;
                /** @description Reviews; learning cards don't count. */
                reviews: number;
                /** @description Time spent. */
                millis: number;
            };
        };
        ReviewInput: {
            /** @description 1 again, 2 hard, 3 good, 4 easy. */
            rating: number;
            /** @description Of more than ten minutes ten count. */
            answered_in_ms?: number;
            /** @description For clients that were offline: not in the future, not before the card's last review. */
            answered_at?: components["schemas"]["Time"];
            key?: string;
        };
        Review: {
            id: components["schemas"]["Id"];
            card_id: components["schemas"]["Id"];
            rating: number;
            /** @description The card's before the answer. */
            state: components["schemas"]["CardState"];
            answered_at: components["schemas"]["Time"];
            answered_in_ms: number;
            /** @description Seconds until the card was due again. */
            interval: number;
        };
        ReviewPage: {
            items: components["schemas"]["Review"][];
            next: components["schemas"]["Next"];
        };
        Reviewed: {
            card: components["schemas"]["Card"];
            review: components["schemas"]["Review"];
            counts: components["schemas"]["DeckCounts"];
        };
        Preset: {
            /** @default 20 */
            new_per_day: number;
            /** @default 200 */
            reviews_per_day: number;
            /** @description Learning steps in seconds, 60 and 600 by default; none: to review at once. */
            steps: number[];
            /** @description After a lapse, in seconds; 600 by default. */
            relearning_steps: number[];
            /**
             * @description The probability of remembering at which a review is due.
             * @default 0.9
             */
            retention: number;
            /**
             * @description Days.
             * @default 36500
             */
            maximum_interval: number;
            /** @description 21 of FSRS-6, or 19 of FSRS-5. */
            weights: number[];
            /**
             * @description Spreads reviews by some days, so that cards learnt together part.
             * @default false
             */
            fuzz: boolean;
            /**
             * @description Lapses after which a card is a leech, and again after every half of them; 0: never.
             * @default 8
             */
            leech_threshold: number;
            /**
             * @default tag
             * @enum {string}
             */
            leech_action: "tag" | "suspend";
            /**
             * @description An answer lets the note's other new and review cards rest for today.
             * @default false
             */
            bury_siblings: boolean;
        };
        PresetUpdate: {
            new_per_day?: number | null;
            reviews_per_day?: number | null;
            steps?: number[] | null;
            relearning_steps?: number[] | null;
            retention?: number | null;
            maximum_interval?: number | null;
            weights?: number[] | null;
            fuzz?: boolean | null;
            leech_threshold?: number | null;
            /** @enum {string|null} */
            leech_action?: "tag" | "suspend" | null;
            bury_siblings?: boolean | null;
        };
        Statistics: {
            /** @description The first day of the range. */
            from: components["schemas"]["Day"];
            /** @description Its last, by the caller's clock. */
            today: components["schemas"]["Day"];
            /** @description The days of the range that have answers, oldest first. */
            days: components["schemas"]["AnswerDay"][];
            /** @description Of the range. */
            totals: components["schemas"]["AnswerTotals"];
            /** @description Days in a row with an answer, whenever they were. */
            streak: {
                /** @description Up to today, or up to yesterday while today has none. */
                current: number;
                longest: number;
            };
            /** @description How much was remembered in the last 30 days, in the last 365, and in the range. */
            retention: {
                month: components["schemas"]["Retention"];
                year: components["schemas"]["Retention"];
                range: components["schemas"]["Retention"];
            };
            /** @description When the cards fall due that were begun, if nothing was answered until then. Without suspended ones; those that rest today count tomorrow. */
            forecast: {
                /** @description Reviews of days before today. */
                overdue: number;
                /** @description Those of today and the 364 days behind it that have cards. Today has all cards being learnt that are due. */
                days: {
                    day: components["schemas"]["Day"];
                    due: number;
                }[];
                later: number;
            };
            /** @description What the cards are to the caller; each is one of these. */
            states: {
                new: number;
                /** @description Relearning too. */
                learning: number;
                /** @description In review with an interval under 21 days. */
                young: number;
                mature: number;
                /** @description Whatever they are else. */
                suspended: number;
            };
            /** @description Days, of cards in review that are not suspended. */
            intervals: components["schemas"]["Bucket"][];
            /** @description Days, of begun cards that are not suspended. */
            stability: components["schemas"]["Bucket"][];
            /** @description 1 to 10, of begun cards that are not suspended. */
            difficulty: components["schemas"]["Bucket"][];
        };
        /**
         * Format: date
         * @example 2026-11-21
         */
        Day: string;
        AnswerTotals: {
            /** @description All of them: what is neither new nor a review was to a card being learnt. */
            answers: number;
            /** @description New cards begun. */
            new: number;
            /** @description Of cards in review. */
            reviews: number;
            again: number;
            hard: number;
            good: number;
            easy: number;
            /** @description Time spent. */
            millis: number;
        };
        AnswerDay: {
            day: components["schemas"]["Day"];
            answers: number;
            new: number;
            reviews: number;
            again: number;
            hard: number;
            good: number;
            easy: number;
            /** @description Time spent. */
            millis: number;
        };
        Retention: {
            /** @description After an interval under 21 days. */
            young: components["schemas"]["Remembered"];
            mature: components["schemas"]["Remembered"];
        };
        Remembered: {
            reviews: number;
            /** @description Those that were not Again. */
            kept: number;
        };
        Bucket: {
            from: number;
            /** @description No longer in it; null of the last. */
            to: number | null;
            cards: number;
        };
        /**
         * @description In the user's time zone.
         * @example 08:00
         */
        ReminderTime: string;
        /** @description 1 is Monday, 7 is Sunday. */
        ReminderDays: number[];
        Reminder: {
            id: components["schemas"]["Id"];
            /** @description Null of a digest over all decks. */
            deck: {
                id: components["schemas"]["Id"];
                name: string;
            } | null;
            at: components["schemas"]["ReminderTime"];
            days: components["schemas"]["ReminderDays"];
            /** @description It stays silent when fewer cards are due. */
            threshold: number;
            /** @description It stays silent when the user has studied today: this deck, or for a digest any. */
            unless_studied: boolean;
            enabled: boolean;
            next_at: components["schemas"]["TimeOrNull"];
        };
        ReminderList: {
            items: components["schemas"]["Reminder"][];
        };
        ReminderInput: {
            deck_id?: components["schemas"]["Id"];
            at: components["schemas"]["ReminderTime"];
            /** @description All seven when left out. */
            days?: components["schemas"]["ReminderDays"];
            /** @default 1 */
            threshold?: number;
            /** @default false */
            unless_studied?: boolean;
            /** @default true */
            enabled?: boolean;
        };
        ReminderUpdate: {
            at?: components["schemas"]["ReminderTime"];
            days?: components["schemas"]["ReminderDays"];
            threshold?: number;
            unless_studied?: boolean;
            enabled?: boolean;
        };
        /** @description Absolute, never a difference. Archived items count in neither. */
        NotificationCounts: {
            unread: number;
            unseen: number;
        };
        /** @enum {string} */
        NotificationKind: "push" | "cards.due" | "deck.shared" | "deck.changed";
        /**
         * @default all
         * @enum {string}
         */
        NotificationFilter: "all" | "unread" | "archived";
        /** @description Title and body are English, for programs; the web app words an item from its kind and data (a push keeps the words of its sender). */
        Notification: {
            /** @example 5-17 */
            id: string;
            kind: components["schemas"]["NotificationKind"];
            title: string;
            body: string;
            /** @description A path of this site or a web address; empty without one. */
            link: string;
            /** @description What the kind brings along; of a push its sender's own object, empty without one. */
            data: components["schemas"]["DeckSharedData"] | components["schemas"]["DeckChangedData"] | components["schemas"]["CardsDueData"] | components["schemas"]["DigestData"] | {
                [key: string]: unknown;
            };
            created_at: components["schemas"]["Time"];
            updated_at: components["schemas"]["Time"];
            seen_at: components["schemas"]["TimeOrNull"];
            read_at: components["schemas"]["TimeOrNull"];
            archived_at: components["schemas"]["TimeOrNull"];
        };
        DeckSharedData: {
            deck_id: components["schemas"]["Id"];
            /** @description The deck's name. */
            deck: string;
            /** @description Who shared it. */
            by: string;
            role: components["schemas"]["DeckRole"];
        };
        /** @description All changes of one deck since the last one was read, at most an hour of them. */
        DeckChangedData: {
            deck_id: components["schemas"]["Id"];
            /** @description The deck's name. */
            deck: string;
            /** @description Notes. */
            added: number;
            updated: number;
            deleted: number;
            /** @description Who did it. */
            by: string[];
            /** @description The newest one; it may be deleted. */
            note_id: components["schemas"]["Id"];
        };
        /** @description Of the `cards.due` of one deck. */
        CardsDueData: {
            deck_id: components["schemas"]["Id"];
            /** @description The deck's name. */
            deck: string;
            /** @description Cards that are due. */
            due: number;
            /**
             * @description Learning cards called, and they alone are counted; without it reviews are, too.
             * @constant
             */
            learning?: true;
        };
        /** @description Of a `cards.due` over several decks. */
        DigestData: {
            /** @description Cards that are due in all of them. */
            due: number;
            deck_count: number;
            /** @description Those with the most cards due first. */
            decks: {
                id: components["schemas"]["Id"];
                name: string;
                due: number;
            }[];
        };
        SnoozeInput: {
            minutes: number;
        };
        Snoozed: {
            until: components["schemas"]["Time"];
        };
        NotificationPage: {
            items: components["schemas"]["Notification"][];
            next: components["schemas"]["Next"];
            unread: number;
            unseen: number;
            epoch: components["schemas"]["Epoch"];
            head: components["schemas"]["Seq"];
        };
        /** @description Exactly one of `ids` and `up_to`; at least one of the marks. */
        MarkInput: {
            ids?: string[];
            up_to?: string;
            /** @constant */
            seen?: true;
            read?: boolean;
            archived?: boolean;
        };
        /**
         * @description The log's age: renewed when the database is restored. Cursors of another epoch mean nothing.
         * @example k3v9q2
         */
        Epoch: string;
        /**
         * Format: int64
         * @description Position in the user's log: 1, 2, 3 … without a gap.
         */
        Seq: number;
        /** @enum {string} */
        EventName: "card.created" | "card.updated" | "card.deleted" | "deck.created" | "deck.updated" | "deck.deleted" | "card.reviewed" | "schedule.updated" | "preset.updated" | "reminders.updated" | "notification.created" | "notification.updated" | "notification.marked" | "notification.recalled" | "me.updated";
        /** @description One entry of a user's log, as on the socket. */
        Event: {
            name: components["schemas"]["EventName"];
            seq: components["schemas"]["Seq"];
            time: components["schemas"]["Time"];
            counts?: components["schemas"]["NotificationCounts"];
            message: components["schemas"]["CardEvent"] | components["schemas"]["DeckEvent"] | components["schemas"]["NotificationEvent"] | components["schemas"]["MarkedEvent"] | components["schemas"]["RecalledEvent"] | components["schemas"]["ReviewedEvent"] | components["schemas"]["ScheduleEvent"] | components["schemas"]["PresetEvent"] | components["schemas"]["RemindersEvent"] | components["schemas"]["MeEvent"];
        };
        /** @description `card.created`, `card.updated`, `card.deleted`: a note and its cards. */
        CardEvent: {
            deck: {
                id: components["schemas"]["Id"];
                name: string;
            };
            note: components["schemas"]["Note"];
            cards: components["schemas"]["CardRef"][];
            /**
             * @description Only there when the note is too large for a frame: its fields are cut to 2,000 characters, load it for the whole.
             * @constant
             */
            truncated?: true;
        };
        /** @description `deck.created`, `deck.updated`, `deck.deleted`: the same for all members; role and counts are the deck's own route's. */
        DeckEvent: {
            deck: {
                id: components["schemas"]["Id"];
                name: string;
                description: string;
            };
        };
        /** @description `notification.created`, `notification.updated`. */
        NotificationEvent: {
            notification: components["schemas"]["Notification"];
            /** @description With `notification.updated`: something new is in it, worth a toast. */
            alert?: boolean;
        };
        /** @description `notification.marked`: the marks that were set, of `ids` or of all `up_to`. */
        MarkedEvent: {
            ids?: string[];
            up_to?: string;
            seen?: boolean;
            read?: boolean;
            archived?: boolean;
        };
        /** @description `notification.recalled`: these items are gone. */
        RecalledEvent: {
            ids: string[];
        };
        /** @description `card.reviewed`: a card was answered on one of the user's devices, or its answer undone. */
        ReviewedEvent: {
            card_id: components["schemas"]["Id"];
            deck_id: components["schemas"]["Id"];
            /** @description Null of a card that is new again. */
            due_at: components["schemas"]["TimeOrNull"];
            /** @description The deck's, now. */
            counts: components["schemas"]["DeckCounts"];
            /** @constant */
            undone?: true;
        };
        /** @description `schedule.updated`: the user suspended, buried or flagged a card, or it became a leech. */
        ScheduleEvent: {
            card_id: components["schemas"]["Id"];
            deck_id: components["schemas"]["Id"];
            suspended: boolean;
            buried: boolean;
            leech: boolean;
            flag: number;
            counts: components["schemas"]["DeckCounts"];
        };
        /** @description `preset.updated`: the user studies a deck in another way from now on. */
        PresetEvent: {
            deck_id: components["schemas"]["Id"];
            preset: components["schemas"]["Preset"];
            counts: components["schemas"]["DeckCounts"];
        };
        /** @description `reminders.updated`: the user's reminders as they are now. */
        RemindersEvent: {
            items: components["schemas"]["Reminder"][];
        };
        /** @description `me.updated`: the user's settings as they are now. */
        MeEvent: {
            user: components["schemas"]["Me"];
        };
        Reset: {
            epoch: components["schemas"]["Epoch"];
            head: components["schemas"]["Seq"];
            /** @enum {string} */
            reason: "epoch" | "trimmed" | "ahead";
        };
        EventPage: {
            epoch: components["schemas"]["Epoch"];
            head: components["schemas"]["Seq"];
            events: components["schemas"]["Event"][];
            reset: components["schemas"]["Reset"] | null;
        };
        /** @description Exactly one of them. */
        Audience: {
            /** @constant */
            all: true;
        } | {
            users: string[];
        } | {
            deck: components["schemas"]["Id"];
        } | {
            /** @constant */
            online: true;
        };
        /** @description Anything for clients; at most 16 KiB of JSON. */
        PushData: {
            [key: string]: unknown;
        } | null;
        PushInput: {
            to: components["schemas"]["Audience"];
            title: string;
            body: string;
            /** @description `http(s)://…`, or a path of this site beginning with one `/`. */
            link?: string;
            data?: components["schemas"]["PushData"];
            /** @default false */
            dry_run?: boolean;
        };
        /** @enum {string} */
        PushState: "sent";
        PushPreview: {
            /** @description So many users would get it. */
            audience: number;
            /** @description So many of them have a socket now. */
            online: number;
        };
        PushReceipt: {
            id: components["schemas"]["Id"];
            state: components["schemas"]["PushState"];
            /** @description So many users get it. */
            audience: number;
            /** @description So many of them had a socket at that moment. */
            online: number;
        };
        Push: {
            id: components["schemas"]["Id"];
            state: components["schemas"]["PushState"];
            to: components["schemas"]["Audience"];
            title: string;
            body: string;
            link: string;
            data: {
                [key: string]: unknown;
            };
            /** @description So many users got it. */
            audience: number;
            /** @description So many of them had a socket at that moment. */
            online: number;
            created_at: components["schemas"]["Time"];
            funnel: components["schemas"]["Funnel"];
        };
        /** @description How far a push has come, in users. */
        Funnel: {
            /** @description So many were to get it. */
            audience: number;
            /** @description So many have it in their inbox. */
            stored: number;
            /** @description A device of so many said that it has it (`ack`). */
            delivered: number;
            /** @description So many had it before their eyes. */
            seen: number;
            /** @description So many have it marked as read. */
            read: number;
        };
        PushPage: {
            items: components["schemas"]["Push"][];
            next: components["schemas"]["Next"];
        };
        /** @description A user as admins see it. */
        Account: {
            id: components["schemas"]["Id"];
            username: string;
            role: components["schemas"]["Role"];
            disabled: boolean;
            created_at: components["schemas"]["Time"];
        };
        AccountPage: {
            items: components["schemas"]["Account"][];
            next: components["schemas"]["Next"];
        };
        AccountInput: {
            username: components["schemas"]["UsernameInput"];
            password: components["schemas"]["PasswordInputText"];
            /**
             * @default user
             * @enum {string}
             */
            role?: "user" | "admin";
        };
        AccountUpdate: {
            role?: components["schemas"]["Role"];
            disabled?: boolean;
            password?: components["schemas"]["PasswordInputText"];
        };
    };
    responses: {
        /** @description Signed in; the cookies are set. */
        SignedIn: {
            headers: {
                /** @description `aoki_access` and `aoki_refresh`. */
                "Set-Cookie"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SignedIn"];
            };
        };
        /** @description Done; no content. */
        Done: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description All is well. */
        Healthy: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Health"];
            };
        };
        /** @description Malformed: not JSON, an unknown field (`unknown_field`), something behind the value, a query value that is no number. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Bad Request",
                 *       "status": 400,
                 *       "code": "unknown_field",
                 *       "detail": "unknown field \"colour\"",
                 *       "fields": [
                 *         {
                 *           "field": "colour",
                 *           "message": "is not known"
                 *         }
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not signed in: no token, an expired or forged one, or one of an ended session. */
        Unauthorized: {
            headers: {
                /** @description `Bearer` */
                "WWW-Authenticate": string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Unauthorized",
                 *       "status": 401,
                 *       "code": "unauthorized",
                 *       "detail": "sign in first",
                 *       "fields": []
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Signed in, but not allowed. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Forbidden",
                 *       "status": 403,
                 *       "code": "forbidden",
                 *       "detail": "you can only read this deck",
                 *       "fields": []
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not there, or not yours. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Not Found",
                 *       "status": 404,
                 *       "code": "not_found",
                 *       "detail": "there is no such deck",
                 *       "fields": []
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The path knows other methods. */
        MethodNotAllowed: {
            headers: {
                Allow: components["headers"]["Allow"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It stands against what is there. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Conflict",
                 *       "status": 409,
                 *       "code": "conflict",
                 *       "detail": "that name is taken",
                 *       "fields": [
                 *         {
                 *           "field": "username",
                 *           "message": "is taken"
                 *         }
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description There are as many as there may be (`limit_reached`); or the first request with this Idempotency-Key is still under way
         *     (`idempotency_in_progress`, with `Retry-After`).
         */
        Full: {
            headers: {
                /** @description Only with `idempotency_in_progress`. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The first request with this Idempotency-Key is still under way (`idempotency_in_progress`). */
        InProgress: {
            headers: {
                /** @description Only with `idempotency_in_progress`. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Well-formed but invalid (`validation_failed`, with its `fields`), or a used Idempotency-Key with another body (`idempotency_conflict`). */
        Invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Unprocessable Entity",
                 *       "status": 422,
                 *       "code": "validation_failed",
                 *       "detail": "some fields are not valid",
                 *       "fields": [
                 *         {
                 *           "field": "name",
                 *           "message": "must not be empty"
                 *         }
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too much, too fast. */
        RateLimited: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This path speaks WebSocket only. */
        UpgradeRequired: {
            headers: {
                /** @description `websocket` */
                Upgrade: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The store is away, or the server is stopping; try again. */
        Unavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Any other error. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /**
         * @description The id as the server gave it. What is no such id is 404.
         * @example 12
         */
        Id: number;
        /**
         * @description The user's name, in whatever case.
         * @example ann
         */
        Username: string;
        /** @description At most so many items. */
        Limit: number;
        /** @description The last answer's `next`. */
        After: string;
        /**
         * @description 1–255 printable ASCII characters, given once (else 422). Kept 24 h for each sender, the user or, where nobody is signed in yet, the address: the same key with the
         *     same body gives the same answer again and makes nothing, also after the server was restarted; with another body or on another route it is 422 `idempotency_conflict`;
         *     while the first is under way it may be 409 `idempotency_in_progress` with `Retry-After`. Refusals are not kept.
         * @example 0d7c1a0e-5f6b-4b8e-9a37-1c2d3e4f5a6b
         */
        IdempotencyKey: string;
    };
    requestBodies: never;
    headers: {
        /** @description The file's name in quotes. */
        FileTag: string;
        /** @description Seconds to wait before trying again. */
        RetryAfter: number;
        /** @description The methods that this path knows. */
        Allow: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getSetup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state of the installation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupState"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    setup: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1–255 printable ASCII characters, given once (else 422). Kept 24 h for each sender, the user or, where nobody is signed in yet, the address: the same key with the
                 *     same body gives the same answer again and makes nothing, also after the server was restarted; with another body or on another route it is 422 `idempotency_conflict`;
                 *     while the first is under way it may be 409 `idempotency_in_progress` with `Retry-After`. Refusals are not kept.
                 * @example 0d7c1a0e-5f6b-4b8e-9a37-1c2d3e4f5a6b
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupInput"];
            };
        };
        responses: {
            201: components["responses"]["SignedIn"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1–255 printable ASCII characters, given once (else 422). Kept 24 h for each sender, the user or, where nobody is signed in yet, the address: the same key with the
                 *     same body gives the same answer again and makes nothing, also after the server was restarted; with another body or on another route it is 422 `idempotency_conflict`;
                 *     while the first is under way it may be 409 `idempotency_in_progress` with `Retry-After`. Refusals are not kept.
                 * @example 0d7c1a0e-5f6b-4b8e-9a37-1c2d3e4f5a6b
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterInput"];
            };
        };
        responses: {
            201: components["responses"]["SignedIn"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginInput"];
            };
        };
        responses: {
            200: components["responses"]["SignedIn"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RefreshInput"];
            };
        };
        responses: {
            200: components["responses"]["SignedIn"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            default: components["responses"]["Problem"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description At most so many items. */
                limit?: components["parameters"]["Limit"];
                /** @description The last answer's `next`. */
                after?: components["parameters"]["After"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of sessions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            default: components["responses"]["Problem"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signed-in user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Unauthorized"];
            default: components["responses"]["Problem"];
        };
    };
    updateMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MeUpdate"];
            };
        };
        responses: {
            /** @description The user as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordInput"];
            };
        };
        responses: {
            204: components["responses"]["Done"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listDecks: {
        parameters: {
            query?: {
                /** @description At most so many items. */
                limit?: components["parameters"]["Limit"];
                /** @description The last answer's `next`. */
                after?: components["parameters"]["After"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of decks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeckPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            default: components["responses"]["Problem"];
        };
    };
    createDeck: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1–255 printable ASCII characters, given once (else 422). Kept 24 h for each sender, the user or, where nobody is signed in yet, the address: the same key with the
                 *     same body gives the same answer again and makes nothing, also after the server was restarted; with another body or on another route it is 422 `idempotency_conflict`;
                 *     while the first is under way it may be 409 `idempotency_in_progress` with `Retry-After`. Refusals are not kept.
                 * @example 0d7c1a0e-5f6b-4b8e-9a37-1c2d3e4f5a6b
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeckInput"];
            };
        };
        responses: {
            /** @description The deck. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deck"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            409: components["responses"]["Full"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    getDeck: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deck. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deck"];
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    deleteDeck: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    updateDeck: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeckUpdate"];
            };
        };
        responses: {
            /** @description The deck as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deck"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    listMembers: {
        parameters: {
            query?: {
                /** @description At most so many items. */
                limit?: components["parameters"]["Limit"];
                /** @description The last answer's `next`. */
                after?: components["parameters"]["After"];
            };
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of members. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    putMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
                /**
                 * @description The user's name, in whatever case.
                 * @example ann
                 */
                username: components["parameters"]["Username"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberInput"];
            };
        };
        responses: {
            /** @description The member as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    removeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
                /**
                 * @description The user's name, in whatever case.
                 * @example ann
                 */
                username: components["parameters"]["Username"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    listNotes: {
        parameters: {
            query?: {
                /** @description At most so many items. */
                limit?: components["parameters"]["Limit"];
                /** @description The last answer's `next`. */
                after?: components["parameters"]["After"];
                /**
                 * @description Only notes whose fields or tags contain all these words, in whatever case, also within longer words. `tag:word` asks for a whole tag.
                 * @example hola tag:greeting
                 */
                q?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of notes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotePage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    createNote: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1–255 printable ASCII characters, given once (else 422). Kept 24 h for each sender, the user or, where nobody is signed in yet, the address: the same key with the
                 *     same body gives the same answer again and makes nothing, also after the server was restarted; with another body or on another route it is 422 `idempotency_conflict`;
                 *     while the first is under way it may be 409 `idempotency_in_progress` with `Retry-After`. Refusals are not kept.
                 * @example 0d7c1a0e-5f6b-4b8e-9a37-1c2d3e4f5a6b
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteInput"];
            };
        };
        responses: {
            /** @description The note and its cards. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteWithCards"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Full"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    addMedia: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1–255 printable ASCII characters, given once (else 422). Kept 24 h for each sender, the user or, where nobody is signed in yet, the address: the same key with the
                 *     same body gives the same answer again and makes nothing, also after the server was restarted; with another body or on another route it is 422 `idempotency_conflict`;
                 *     while the first is under way it may be 409 `idempotency_in_progress` with `Retry-After`. Refusals are not kept.
                 * @example 0d7c1a0e-5f6b-4b8e-9a37-1c2d3e4f5a6b
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/*": string;
                "audio/*": string;
                "application/octet-stream": string;
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description The user had brought it already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Media"];
                };
            };
            /** @description It is kept. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Media"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            409: components["responses"]["Full"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getMedia: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The file's SHA-256 in hexadecimal digits, with its ending: the last part of its `url`. What is no such name is 404.
                 * @example 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.png
                 */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    ETag: components["headers"]["FileTag"];
                    /** @description `bytes` */
                    "Accept-Ranges": string;
                    [name: string]: unknown;
                };
                content: {
                    "image/*": unknown;
                    "audio/*": unknown;
                };
            };
            /** @description The part that `Range` asks for; several parts are `multipart/byteranges`. */
            206: {
                headers: {
                    ETag: components["headers"]["FileTag"];
                    [name: string]: unknown;
                };
                content: {
                    "image/*": unknown;
                    "audio/*": unknown;
                    "multipart/*": unknown;
                };
            };
            /** @description It is the one of `If-None-Match`. */
            304: {
                headers: {
                    ETag: components["headers"]["FileTag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            /** @description It is not the one of `If-Match`. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The file has no such part. */
            416: {
                headers: {
                    /** @description How long the file is. */
                    "Content-Range"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The note and its cards. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteWithCards"];
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    deleteNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    updateNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteUpdate"];
            };
        };
        responses: {
            /** @description The note and its cards as they are now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteWithCards"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    getCard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The card. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Card"];
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    updateCard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "suspended": true
                 *     }
                 */
                "application/json": components["schemas"]["CardUpdate"];
            };
        };
        responses: {
            /** @description The card as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Card"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    listCardReviews: {
        parameters: {
            query?: {
                /** @description At most so many items. */
                limit?: components["parameters"]["Limit"];
                /** @description The last answer's `next`. */
                after?: components["parameters"]["After"];
            };
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    createReview: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1–255 printable ASCII characters, given once (else 422). Kept 24 h for each sender, the user or, where nobody is signed in yet, the address: the same key with the
                 *     same body gives the same answer again and makes nothing, also after the server was restarted; with another body or on another route it is 422 `idempotency_conflict`;
                 *     while the first is under way it may be 409 `idempotency_in_progress` with `Retry-After`. Refusals are not kept.
                 * @example 0d7c1a0e-5f6b-4b8e-9a37-1c2d3e4f5a6b
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rating": 3,
                 *       "answered_in_ms": 4200,
                 *       "key": "card-17-3"
                 *     }
                 */
                "application/json": components["schemas"]["ReviewInput"];
            };
        };
        responses: {
            /** @description The answer is stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reviewed"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    undoReview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    getQueue: {
        parameters: {
            query?: {
                /** @description At most so many items. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What to study. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    getPreset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The preset. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preset"];
                };
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    updatePreset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "new_per_day": 10,
                 *       "retention": 0.92
                 *     }
                 */
                "application/json": components["schemas"]["PresetUpdate"];
            };
        };
        responses: {
            /** @description The preset as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preset"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    startStudying: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    stopStudying: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    getStatistics: {
        parameters: {
            query?: {
                /** @description This deck alone; all when left out. */
                deck?: components["schemas"]["Id"];
                /** @description How many days the range has, today included. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statistics"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    listReminders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, by id; at most 100. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReminderList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            default: components["responses"]["Problem"];
        };
    };
    createReminder: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1–255 printable ASCII characters, given once (else 422). Kept 24 h for each sender, the user or, where nobody is signed in yet, the address: the same key with the
                 *     same body gives the same answer again and makes nothing, also after the server was restarted; with another body or on another route it is 422 `idempotency_conflict`;
                 *     while the first is under way it may be 409 `idempotency_in_progress` with `Retry-After`. Refusals are not kept.
                 * @example 0d7c1a0e-5f6b-4b8e-9a37-1c2d3e4f5a6b
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "deck_id": 12,
                 *       "at": "19:30",
                 *       "days": [
                 *         1,
                 *         2,
                 *         3,
                 *         4,
                 *         5
                 *       ],
                 *       "threshold": 10,
                 *       "unless_studied": true
                 *     }
                 */
                "application/json": components["schemas"]["ReminderInput"];
            };
        };
        responses: {
            /** @description The reminder. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reminder"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    deleteReminder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    updateReminder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/json": components["schemas"]["ReminderUpdate"];
            };
        };
        responses: {
            /** @description The reminder as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reminder"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /**
                 * @description The seq of the last event that the client has, 0 for none, in plain digits. Anything else (a sign, a leading zero, more than 63 bits, nothing at all), and one that
                 *     is given twice, is 400: a cursor is never guessed.
                 */
                since?: number;
                /** @description The epoch to which `since` belongs. Without it the cursor is taken at its word. */
                epoch?: string;
                /** @description At most so many items. */
                limit?: components["parameters"]["Limit"];
                /** @description Seconds to hold an empty answer. */
                wait?: number;
            };
            header?: {
                /** @description `epoch:seq` of the last event received (SSE); it wins over `since`. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                    /**
                     * @example id: k3v9q2:8
                     *     data: {"name":"card.created","seq":8,"time":"2026-01-02T03:04:05Z","message":{}}
                     */
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /** @description `all` is what is not archived. */
                filter?: components["schemas"]["NotificationFilter"];
                /** @description The last answer's `next`. */
                before?: string;
                /** @description At most so many items. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the inbox. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    markNotifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MarkInput"];
            };
        };
        responses: {
            /** @description The counts as they are now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationCounts"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    snoozeNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The notification's id.
                 * @example 5-17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "minutes": 60
                 *     }
                 */
                "application/json": components["schemas"]["SnoozeInput"];
            };
        };
        responses: {
            /** @description When it will be back. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snoozed"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    listPushes: {
        parameters: {
            query?: {
                /** @description At most so many items. */
                limit?: components["parameters"]["Limit"];
                /** @description The last answer's `next`. */
                after?: components["parameters"]["After"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of pushes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Problem"];
        };
    };
    createPush: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1–255 printable ASCII characters, given once (else 422). Kept 24 h for each sender, the user or, where nobody is signed in yet, the address: the same key with the
                 *     same body gives the same answer again and makes nothing, also after the server was restarted; with another body or on another route it is 422 `idempotency_conflict`;
                 *     while the first is under way it may be 409 `idempotency_in_progress` with `Retry-After`. Refusals are not kept.
                 * @example 0d7c1a0e-5f6b-4b8e-9a37-1c2d3e4f5a6b
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "to": {
                 *         "users": [
                 *           "ann"
                 *         ]
                 *       },
                 *       "title": "Maintenance tonight",
                 *       "body": "From 22:00 for ten minutes.",
                 *       "link": "/decks"
                 *     }
                 */
                "application/json": components["schemas"]["PushInput"];
            };
        };
        responses: {
            /** @description The audience that a `dry_run` found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushPreview"];
                };
            };
            /** @description The push is stored and on its way. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["InProgress"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    getPush: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The push. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Push"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description At most so many items. */
                limit?: components["parameters"]["Limit"];
                /** @description The last answer's `next`. */
                after?: components["parameters"]["After"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of users. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Problem"];
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1–255 printable ASCII characters, given once (else 422). Kept 24 h for each sender, the user or, where nobody is signed in yet, the address: the same key with the
                 *     same body gives the same answer again and makes nothing, also after the server was restarted; with another body or on another route it is 422 `idempotency_conflict`;
                 *     while the first is under way it may be 409 `idempotency_in_progress` with `Retry-After`. Refusals are not kept.
                 * @example 0d7c1a0e-5f6b-4b8e-9a37-1c2d3e4f5a6b
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountInput"];
            };
        };
        responses: {
            /** @description The account. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Problem"];
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id as the server gave it. What is no such id is 404.
                 * @example 12
                 */
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountUpdate"];
            };
        };
        responses: {
            /** @description The account as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Problem"];
        };
    };
    getOpenAPI: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
        };
    };
    getAsyncAPI: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description AsyncAPI 3.0. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    getDocsFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example init.js */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            404: components["responses"]["NotFound"];
        };
    };
    getLivezOfAPI: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Healthy"];
        };
    };
    getReadyzOfAPI: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Healthy"];
            503: components["responses"]["Unavailable"];
        };
    };
    getLivez: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Healthy"];
        };
    };
    getReadyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Healthy"];
            503: components["responses"]["Unavailable"];
        };
    };
    openSocket: {
        parameters: {
            query?: {
                /** @description Resume after this event; as in `GET /api/v1/events`, anything but its plain number is 400. Without it the socket starts at the head, live only. */
                since?: number;
                /** @description The epoch to which `since` belongs. Without it the cursor is taken at its word. */
                epoch?: string;
            };
            header?: {
                /** @description `aoki.v1`, and for pages of other sites `bearer.<JWT>` beside it. */
                "Sec-WebSocket-Protocol"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The socket is open; the first frame is `welcome`. */
            101: {
                headers: {
                    /** @description `aoki.v1` when it was offered. */
                    "Sec-WebSocket-Protocol"?: "aoki.v1";
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            426: components["responses"]["UpgradeRequired"];
            429: components["responses"]["RateLimited"];
            503: components["responses"]["Unavailable"];
        };
    };
}
