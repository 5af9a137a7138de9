package realtime

import (
	"sort"
	"sync"
)

// maxDelivery is how many bytes of events make up a delivery, the last of them
// over it: what is kept of a burst.
const maxDelivery = 128 << 10

// portion is how many of a user's events make up a delivery.
func portion(events []Event) (n int) {
	for size := 0; n < len(events) && size < maxDelivery; n++ {
		size += len(events[n].Message) + headSize
	}
	return n
}

// delivery is a run of one user's events as frames, encoded once for all the
// user's sockets. A shard uses one again and again.
type delivery struct {
	seqs []int64
	offs []int // where each frame begins in buf
	buf  []byte
	run  int // from here to the end no seq is missing or twice
}

// set begins a delivery anew.
func (d *delivery) set(events []Event) {
	d.seqs, d.offs, d.buf, d.run = d.seqs[:0], d.offs[:0], d.buf[:0], 0
	d.add(events)
}

// add appends events that have come meanwhile.
func (d *delivery) add(events []Event) {
	for i := range events {
		if n := len(d.seqs); n > 0 && events[i].Seq != d.seqs[n-1]+1 {
			d.run = n
		}
		d.seqs = append(d.seqs, events[i].Seq)
		d.offs = append(d.offs, len(d.buf))
		d.buf = events[i].appendFrame(d.buf)
	}
}

func (d *delivery) last() int64 { return d.seqs[len(d.seqs)-1] }

// after is the index of the event right behind a cursor, -1 when it is not here
// or something is missing between it and the last.
func (d *delivery) after(cursor int64) int {
	if cursor+1 < d.seqs[d.run] || cursor >= d.last() {
		return -1
	}
	return d.run + int(cursor+1-d.seqs[d.run])
}

// frames is all from the i-th event on.
func (d *delivery) frames(i int) []byte { return d.buf[d.offs[i]:] }

// frame is the i-th event's.
func (d *delivery) frame(i int) []byte {
	if i+1 < len(d.offs) {
		return d.buf[d.offs[i]:d.offs[i+1]]
	}
	return d.buf[d.offs[i]:]
}

// cut is what completes the frame that a write of n bytes, begun at the i-th
// event, broke off in, and the seq that is written then.
func (d *delivery) cut(i, n int) (rest []byte, seq int64) {
	at := d.offs[i] + n
	next := sort.SearchInts(d.offs, at) // the first frame that begins at or behind it
	if next < len(d.offs) && d.offs[next] == at {
		return nil, d.seqs[next] - 1
	}
	end := len(d.buf)
	if next < len(d.offs) {
		end = d.offs[next]
	}
	return d.buf[at:end], d.seqs[next-1]
}

// deliveries are for those who catch up.
var deliveries = sync.Pool{New: func() any { return new(delivery) }}

// free gives a delivery of the pool back.
func (d *delivery) free() {
	if cap(d.buf) <= 2*maxDelivery {
		deliveries.Put(d)
	}
}
