// Package realtime is the wire: sockets, the map from users to them, and the
// delivery of each user's log. It knows no table, no Gin and no JWT: it is given
// an [Identity], a [Log] to read from, and entries to deliver.
//
// How delivery works:
//
//   - A socket is a cursor over its user's log. Whoever writes to it holds its
//     mutex or is its drain goroutine; there is never more than one of the latter.
//   - [Hub.Ring] hands new entries to the shard of each user and returns. The
//     shard's goroutine writes an entry straight to the sockets whose cursor is at
//     seq-1, without blocking; what has come for the user by then goes out in the
//     same write. A socket that is behind, or takes less than all,
//     gets a drain goroutine, which reads the store from the cursor on and ends at
//     the head. Live delivery and catching up are the same loop, so there is
//     nothing to merge and no queue for each client.
//   - A ring may be lost. Every two seconds the heads of all connected users are
//     compared, and who is behind is drained.
//   - An idle socket costs one goroutine in a read; no writer, no timer.
//
// Who closes what: the read loop owns the connection and is the only one to give
// it back. Others ask by closeWith (a bye, a close frame, then a bounded wait for
// the peer) or, when nothing can be written any more, by closing the TCP
// connection under it. No channel that others send on is ever closed.
package realtime
