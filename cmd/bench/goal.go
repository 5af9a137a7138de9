package bench

import "fmt"

// goal is what a figure must reach, and what would be better still.
type goal struct {
	Of      Kind    `json:"of,omitempty"` // the figure's ratio to this baseline's; "": the figure itself
	Least   bool    `json:"least,omitempty"`
	Must    float64 `json:"must"`
	Stretch float64 `json:"stretch"`
}

func atMost(must, stretch float64) goal  { return goal{Must: must, Stretch: stretch} }
func atLeast(must, stretch float64) goal { return goal{Must: must, Stretch: stretch, Least: true} }

func (g goal) of(kind Kind) goal {
	g.Of = kind
	return g
}

// met says how far a value is: "met", "stretch" when it is better still, or "short".
func (g goal) met(value float64) string {
	reached := func(goal float64) bool {
		if g.Least {
			return value >= goal
		}
		return value <= goal
	}
	switch {
	case reached(g.Stretch):
		return "stretch"
	case reached(g.Must):
		return "met"
	}
	return "short"
}

func (g goal) String() string {
	sign := "≤"
	if g.Least {
		sign = "≥"
	}
	of := ""
	if g.Of != "" {
		of = " of " + string(g.Of)
	}
	return fmt.Sprintf("%s %s%s", sign, number(g.Must), of)
}

// line is one figure of the table.
type line struct {
	stage, figure string
	label, unit   string
	goals         []goal
}

// lines are the table, from top to bottom.
func lines() []line {
	return []line{
		{"connect", "rate", "connect storm, signed in", "/s", []goal{atLeast(.9, 1.1).of(Chat)}},
		{"connect", "cpu", "  server CPU each", "µs", nil},
		{"connect", "p99", "  p99", "ms", nil},
		{"idle", "found", "idle socket: RSS as found", "KiB", []goal{atMost(10, 8), atMost(.5, .5).of(Chat)}},
		{"idle", "collected", "  after a collection", "KiB", []goal{atMost(7, 5.5)}},
		{"idle", "heap", "  of it Go's heap", "KiB", nil},
		{"idle", "stack", "  of it stacks", "KiB", nil},
		{"paced", "p50", "push to one at 2,000/s: p50", "ms", []goal{atMost(1.5, .8)}},
		{"paced", "p99", "  p99", "ms", []goal{atMost(10, 6)}},
		{"paced", "cpu", "  server CPU each", "µs", nil},
		{"paced", "lost", "  lost", "", []goal{atMost(0, 0)}},
		{"saturated", "rate", "push to one, 64 publishers", "/s", []goal{atLeast(.8, 1.1).of(Chat)}},
		{"saturated", "cpu", "  server CPU each", "µs", nil},
		{"saturated", "lost", "  lost", "", []goal{atMost(0, 0)}},
		{"broadcast", "cpu", "one push to all: CPU a delivery", "µs", []goal{atMost(1.2, 1.1).of(Floor)}},
		{"broadcast", "user", "  of it user space", "µs", []goal{atMost(1.2, .8)}},
		{"broadcast", "rate", "  deliveries", "/s", nil},
		{"broadcast", "p50", "  p50", "ms", nil},
		{"broadcast", "p99", "  p99", "ms", nil},
		{"broadcast", "lost", "  lost", "", []goal{atMost(0, 0)}},
		{"burst", "rate", "16 pushes to all: deliveries", "/s", []goal{atLeast(3, 4).of(Chat)}},
		{"burst", "cpu", "  CPU a delivery", "µs", nil},
		{"burst", "lost", "  lost", "", []goal{atMost(0, 0)}},
		{"wide", "last", "one push to as many as can be: the last after", "ms", []goal{atMost(.6, .5).of(Chat)}},
		{"wide", "cpu", "  CPU a delivery", "µs", nil},
		{"wide", "lost", "  lost", "", []goal{atMost(0, 0)}},
		{"everyone", "last", "push to everyone, a user each: the last after", "ms", []goal{atMost(600, 350)}},
		{"everyone", "cpu", "  CPU a delivery", "µs", nil},
		{"everyone", "lost", "  lost", "", []goal{atMost(0, 0)}},
		{"resume", "seconds", "resume storm, 20 events behind", "s", []goal{atMost(5, 2.5)}},
		{"resume", "cpu", "  server CPU each", "µs", nil},
		{"resume", "lost", "  lost", "", []goal{atMost(0, 0)}},
		{"slow", "without", "200 sockets: worst round", "ms", nil},
		{"slow", "with", "  with 5 of them stuck", "ms", nil},
		{"slow", "ratio", "  ratio", "", []goal{atMost(1.5, 1.5)}},
		{"slow", "lost", "  lost by the healthy", "", []goal{atMost(0, 0)}},
		{"slow", "missing", "  missing after the stuck went on", "", []goal{atMost(0, 0)}},
	}
}
