// Package models is the truth: tables, rules, queries and transactions. It knows
// no HTTP and no socket.
//
// Its rules:
//
//   - The user id comes first, and every query carries it: what is not yours does
//     not exist (not_found).
//   - A change and the log entries that announce it commit in one transaction
//     ([DB.Write]). Only then is it answered, and only then does the bell ring.
//   - The writer rings, nobody else: entries gather in the [Tx] and are handed to
//     the [Bell] after COMMIT, in log order. GORM's hooks run inside the
//     transaction, so nothing may be announced from one.
//   - Each user's log is gapless, and its order is commit order.
//   - Time, randomness and the bell come from outside.
package models
