package io.freshet.demo.view;

import io.freshet.event.Evaluation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last evaluations of one subject. */
final class Track {

    /** Evaluations that are kept, and shown as a curve. */
    static final int KEPT = 36;

    /** Positions, at least, that the current figure is the mean of, so that it does not jump. */
    static final int RECENT = 2_000;

    private final Deque<Evaluation> kept = new ArrayDeque<>();

    void add(Evaluation evaluation) {
        if (evaluation.positions() == 0 || !Float.isFinite(evaluation.hitRate())) {
            return;
        }
        kept.addLast(evaluation);
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
    }

    /** The curve and its mean over the last evaluations, weighted by positions. */
    Figures.Quality quality() {
        List<Float> curve = new ArrayList<>();
        kept.forEach(evaluation -> curve.add(evaluation.hitRate()));
        double hits = 0;
        long positions = 0;
        for (var newest = kept.descendingIterator(); newest.hasNext() && positions < RECENT; ) {
            Evaluation evaluation = newest.next();
            hits += (double) evaluation.hitRate() * evaluation.positions();
            positions += evaluation.positions();
        }
        return new Figures.Quality(
                positions == 0 ? Float.NaN : (float) (hits / positions), positions, curve);
    }
}
