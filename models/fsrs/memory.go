package fsrs

import "math"

// Bounds of what is believed of a memory.
const (
	minStability  = 0.001
	maxStability  = 36500
	minDifficulty = 1
	maxDifficulty = 10
)

// memory is how well a card is known: how long it stays, and how hard it is.
type memory struct{ stability, difficulty float64 }

// model is FSRS-6 with its weights. The letters are the formulas': S stability, D
// difficulty, R retrievability, w weights. What depends on the rating is computed for
// all four, in their order: most of it they share.
type model struct {
	w [21]float64
	// factor stretches the forgetting curve so that R is 90 % after S days.
	factor float64
}

func newModel(w [21]float64) model {
	return model{w: w, factor: math.Pow(0.9, -1/w[20]) - 1}
}

// retrievability is the probability of remembering after so many days.
func (m *model) retrievability(days int, stability float64) float64 {
	return math.Pow(1+m.factor*float64(days)/stability, -m.w[20])
}

// interval is the days until R has fallen to the retention, for each day of S: the
// forgetting curve the other way round.
func (m *model) interval(retention float64) float64 {
	return (math.Pow(retention, -1/m.w[20]) - 1) / m.factor
}

// first is the memory that a first answer makes.
func (m *model) first() (next [4]memory) {
	for i := range next {
		next[i] = bounded(m.w[i], m.firstDifficulty(Rating(i+1)))
	}
	return next
}

// firstDifficulty may be out of bounds: what D reverts to is not clamped.
func (m *model) firstDifficulty(r Rating) float64 {
	return m.w[4] - math.Exp(m.w[5]*float64(r-Again)) + 1
}

// next is the memory after an answer that comes so many days after the last one.
func (m *model) next(old memory, days int) (next [4]memory) {
	old = bounded(old.stability, old.difficulty)
	stabilities := m.sameDay(old.stability)
	if days > 0 {
		stabilities = m.laterDay(old, m.retrievability(days, old.stability))
	}
	easiest := m.firstDifficulty(Easy)
	for i, s := range stabilities {
		next[i] = bounded(s, m.nextDifficulty(old.difficulty, Rating(i+1), easiest))
	}
	return next
}

// sameDay is the short-term formula, where time plays no part.
func (m *model) sameDay(s float64) (next [4]float64) {
	settled := math.Pow(s, -m.w[19])
	for r := Again; r <= Easy; r++ {
		growth := math.Exp(m.w[17]*(float64(r-Good)+m.w[18])) * settled
		if r != Again {
			growth = math.Max(growth, 1)
		}
		next[r-Again] = s * growth
	}
	return next
}

// laterDay raises S the more, the less of R was left, unless the card was forgotten.
func (m *model) laterDay(old memory, left float64) [4]float64 {
	w, s := &m.w, old.stability
	growth := math.Exp(w[8]) * (11 - old.difficulty) * math.Pow(s, -w[9]) * math.Expm1(w[10]*(1-left))
	return [4]float64{m.forgotten(old, left), s * (1 + growth*w[15]), s * (1 + growth), s * (1 + growth*w[16])}
}

// forgotten leaves so little that a Good on the same day doesn't bring more than
// there was before.
func (m *model) forgotten(old memory, left float64) float64 {
	w, s := &m.w, old.stability
	rest := w[11] * math.Pow(old.difficulty, -w[12]) * (math.Pow(s+1, w[13]) - 1) * math.Exp(w[14]*(1-left))
	return math.Min(rest, s/math.Exp(w[17]*w[18]))
}

// nextDifficulty moves D the less, the nearer it is to its most, and then a little
// towards that of a first Easy.
func (m *model) nextDifficulty(d float64, r Rating, easiest float64) float64 {
	moved := d - m.w[6]*float64(r-Good)*(maxDifficulty-d)/9
	return m.w[7]*easiest + (1-m.w[7])*moved
}

func bounded(stability, difficulty float64) memory {
	return memory{clamp(stability, minStability, maxStability), clamp(difficulty, minDifficulty, maxDifficulty)}
}

// clamp takes what is not a number for the least.
func clamp(x, low, high float64) float64 {
	if !(x > low) {
		return low
	}
	return math.Min(x, high)
}
