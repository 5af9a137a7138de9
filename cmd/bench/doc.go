// Package bench measures a server of this program, with thousands of sockets, and
// says how far it is from what the machine allows.
//
// A figure alone says little: machines differ, and are shared. So every stage is run
// against baselines too, which are started by the same run and take turns with the
// server: "floor" is bare descriptors and a loop of write(2), which is what the kernel
// charges and nobody can be below; "chat" is a hub in the manner of gorilla's chat
// example, which is what one would write first. Neither stores anything. Figures are
// medians of the rounds, and what counts is their ratio to the baselines.
//
// The load generator is one epoll loop in the process of `aoki bench`; the servers are
// processes of their own. It has no goroutine for a socket, and answers no more than it
// must, because it shares the machine with what it measures.
//
// What is compared: a push through the program's own HTTP API, as JSON, signed in,
// stored and synced, one event with a number of its own in each receiver's log; against
// a POST of the bare payload, which the baselines keep in memory only. A live push for
// many sockets goes to ten users who have as many sockets each ("room"): so there are
// ten log entries and thousands of deliveries, as a room's message will have. A push to
// everyone ("town") is one item and one event for each user; the baselines have nothing
// like it.
package bench
