package io.freshet.replay.report;

import io.freshet.event.Interaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Scores predictions by protocol P, row by row in file order, and notes where they break it.
 *
 * <p>Tested are positions from N/2 on that the stride divides, whose user has an earlier row, and,
 * where items are consumed once, whose item the user has not had. Candidates are the items of
 * earlier rows, where items are consumed once less the user's own; weights must be older than the
 * position that they score.
 */
public final class ProtocolScorer {

    private final ReportWindows windows;
    private final int stride;
    private final boolean excludeSeen;
    private final Map<Integer, Prediction> predictions = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Map<String, Set<String>> histories = new HashMap<>();
    private final RankTally[] tallies;
    private final RankTally all = new RankTally();
    private @Nullable String problem;

    public ProtocolScorer(ReportWindows windows, int stride, boolean excludeSeen) {
        this.windows = windows;
        this.stride = stride;
        this.excludeSeen = excludeSeen;
        this.tallies = new RankTally[windows.count()];
        for (int window = 0; window < tallies.length; window++) {
            tallies[window] = new RankTally();
        }
    }

    /** Takes a prediction, before the row of its position is scored. */
    public void predicted(Prediction prediction) {
        if (predictions.put(prediction.position(), prediction) != null) {
            note(prediction.position(), "it is predicted twice");
        }
    }

    /** Scores the next row. */
    public void row(Interaction row) {
        int position = Math.toIntExact(row.offset());
        Set<String> seen = histories.computeIfAbsent(row.userId(), user -> new HashSet<>());
        boolean tested = isTested(position, row.itemId(), seen);
        Prediction prediction = predictions.get(position);
        if (tested && prediction != null) {
            check(prediction, seen);
            int rank = prediction.items().indexOf(row.itemId()) + 1;
            tallies[windows.of(position)].add(rank);
            all.add(rank);
        } else if (tested) {
            note(position, "it is tested and has no prediction");
        } else if (prediction != null) {
            note(position, "it is predicted and not to be tested");
        }
        known.add(row.itemId());
        seen.add(row.itemId());
    }

    /** Figures of a window's positions. */
    public Figures figures(int window) {
        return tallies[window].figures();
    }

    /** Figures of all positions. */
    public Figures figures() {
        return all.figures();
    }

    /** The first breach of the protocol, if there was any. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    private boolean isTested(int position, String item, Set<String> seen) {
        return position >= windows.rows() / 2
                && position % stride == 0
                && !seen.isEmpty()
                && !(excludeSeen && seen.contains(item));
    }

    private void check(Prediction prediction, Set<String> seen) {
        int position = prediction.position();
        List<String> items = prediction.items();
        if (items.size() > Prediction.SIZE || new HashSet<>(items).size() != items.size()) {
            note(position, "more than ten items, or one twice: " + items);
        }
        for (String item : items) {
            if (!known.contains(item)) {
                note(position, "item " + item + " had not occurred yet");
            } else if (excludeSeen && seen.contains(item)) {
                note(position, "item " + item + " is one that the user already has");
            }
        }
        if (prediction.trainedThrough() >= position) {
            note(position, "scored by weights trained through " + prediction.trainedThrough());
        }
    }

    private void note(int position, String what) {
        if (problem == null) {
            problem = "position " + position + ": " + what;
        }
    }
}
