package bench

import "context"

// scene is a number of sockets that stages are run on.
type scene struct {
	name    string
	sockets int
	users   int // 0: one for each socket
	events  int // in each log beforehand
	held    int // the first so many sockets are to get stuck
	kinds   []Kind
	stages  []stage
	own     bool // it needs a server of ours
}

type stage struct {
	name  string
	loses bool // sockets may be lost
	storm bool // the connecting itself is what it measures
	run   func(ctx context.Context, t *trial) (figures, error)
}

const (
	roomUsers    = 10
	burstSize    = 16
	publishers   = 64
	pacedRate    = 2000 // pushes a second
	missedEvents = 20
	stuckSockets = 5
	stuckSize    = 3500 // bytes: they fill the kernel's buffers sooner
)

// scenes are those that were asked for, with the most sockets of any. A server that
// is not ours has one user for all sockets.
func (o *Options) scenes() (list []scene, most int) {
	all := []Kind{Floor, Chat, Aoki}
	for _, s := range []scene{
		{name: "crowd", sockets: 10_000, kinds: all, own: true, stages: []stage{{name: "connect", storm: true, run: stormed}, {name: "idle", run: idle}}},
		{name: "desk", sockets: 5000, kinds: all, own: true, stages: []stage{{name: "paced", run: paced}, {name: "saturated", run: saturated}}},
		{name: "room", sockets: 5000, users: roomUsers, kinds: all, stages: []stage{{name: "broadcast", run: broadcast(50, 1)}, {name: "burst", run: broadcast(10, burstSize)}}},
		{name: "hall", sockets: 19_000, users: roomUsers, kinds: all, stages: []stage{{name: "wide", run: broadcast(10, 1)}}},
		{name: "town", sockets: 19_000, kinds: []Kind{Aoki}, own: true, stages: []stage{{name: "everyone", run: everyone}}},
		{name: "return", sockets: 10_000, events: missedEvents, kinds: []Kind{Aoki}, own: true, stages: []stage{{name: "resume", run: resume}}},
		{name: "slow", sockets: 200, users: roomUsers, held: stuckSockets, kinds: all, stages: []stage{{name: "slow", loses: true, run: slow}}},
	} {
		var wanted []stage
		for _, stage := range s.stages {
			if o.wanted(stage.name) {
				wanted = append(wanted, stage)
			}
		}
		if len(wanted) == 0 || s.own && o.URL != "" {
			continue
		}
		s.stages, s.sockets = wanted, o.scaled(s.sockets, 100)
		if o.URL != "" {
			s.users = 1
		}
		list = append(list, s)
		most = max(most, s.sockets)
	}
	return list, most
}

func (o *Options) users(s scene) int {
	if s.users == 0 {
		return s.sockets
	}
	return s.users
}

// socketsPerUser is how many the server must allow.
func (o *Options) socketsPerUser(s scene) int { return (s.sockets + o.users(s) - 1) / o.users(s) }
