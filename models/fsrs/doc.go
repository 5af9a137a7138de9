// Package fsrs says when a card is to be seen again: FSRS-6, the Free Spaced
// Repetition Scheduler. A card is a value, an answer makes the next one of it:
//
//	s, err := fsrs.NewScheduler(fsrs.Default(), fsrs.Calendar{Zone: berlin, Rollover: 4})
//	card, err = s.Answer(card, fsrs.Good, now)
//
// It is pure: no clock, no chance, no store. The same card, answer and time give
// the same card for ever, so the intervals on the buttons ([Scheduler.Preview]) are
// those that are stored, replaying a log gives the stored card ([Scheduler.Replay]),
// and an undo is the card as it was.
//
// The formulas are the public ones, of the page "The Algorithm" in the wiki of
// open-spaced-repetition/fsrs4anki. Where implementations differ this one does as
// Anki does:
//
//   - Days are counted by the user's rollover hour and not in spans of 24 hours
//     ([Calendar]).
//   - An answer on the day of the last one follows the short-term formula, in every
//     state, and lowers the stability only if it is Again. (The wiki's page lets Hard
//     lower it too; fsrs-rs, which is Anki's, ts-fsrs, go-fsrs and py-fsrs 6.3.2 don't.)
//   - Hard in the first of several steps waits for the mean of the first two, in a
//     single step for one and a half, in a later step for that step.
//   - Of a review, Good is at least a day more than Hard and Easy at least a day more
//     than Good, within the longest interval.
//   - Weights of FSRS-5 get a w19 of 0 and a w20 of 0.5.
//
// Without learning steps a card goes to review at its first answer, without
// relearning steps it stays there: the least interval of a review is a day, as in
// py-fsrs and ts-fsrs. Here Anki differs: without steps, a card whose interval
// is below half a day comes back on the same day.
package fsrs
