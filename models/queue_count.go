package models

import "gorm.io/gorm"

// countQueue is the lengths of the lists that gatherQueue gives, without the lists: they
// may be thousands of cards, and every answer tells how many are left.
func countQueue(g *gorm.DB, st *study) (DeckCounts, error) {
	counts := DeckCounts{Total: st.cards}
	if st.cards == 0 {
		return counts, nil
	}
	if st.preset.BurySiblings { // one card hides another: they have to be looked at
		q, err := gatherQueue(g, st)
		return q.counts(st), err
	}
	soon := st.now.Add(learnAhead).UnixMicro()
	err := g.Raw(`SELECT (SELECT COUNT(*) FROM (SELECT 1 `+learningCards+` LIMIT ?) l),
			(SELECT COUNT(*) FROM (SELECT 1 `+reviewCards+` LIMIT ?) r), (SELECT COUNT(*) FROM (SELECT 1 `+freshCards+` LIMIT ?) f)`,
		st.user, st.deck, soon, st.today, maxLearning,
		st.user, st.deck, st.tomorrow, st.today, max(0, st.preset.ReviewsPerDay-int(st.done.Reviews)),
		st.deck, st.newAfter, st.user, st.today, max(0, st.preset.NewPerDay-int(st.done.Fresh))).
		Row().Scan(&counts.Learning, &counts.Due, &counts.New)
	return counts, err
}
