// Package prove shows that the server keeps its promise: nothing that was
// acknowledged is lost, doubled or reordered on any of a user's devices.
//
// It is an observer from outside. It runs real server processes, writes through
// their API, reads along with devices of its own that are stricter than any
// client has to be (an event that is not the one right behind the last is noted
// as a violation, never repaired), breaks what can break, and holds what it noted
// against what the server says at the end. It knows the contract and nothing of
// the code: it imports no other package of this program.
//
// A world is one server with its users, writers and devices. Worlds know nothing
// of each other; several of them run side by side, so that there are many faults
// while each device has the calm in between that its backoff asks for.
package prove
