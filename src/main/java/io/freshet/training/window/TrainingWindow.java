package io.freshet.training.window;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Consecutive panes that are trained together. */
public final class TrainingWindow {

    private final List<TrainingSequence> sequences = new ArrayList<>();
    private int interactions;
    private long bytes;
    private long firstTime = Long.MAX_VALUE;
    private long firstPaneEnd = Long.MAX_VALUE;
    private long end = Long.MIN_VALUE;

    /** Adds sequences of a pane. */
    void add(long paneEnd, List<TrainingSequence> some) {
        sequences.addAll(some);
        count();
        firstPaneEnd = Math.min(firstPaneEnd, paneEnd);
        end = Math.max(end, paneEnd);
    }

    /** Sets the window's end, if that is later than its newest pane's. */
    void extendTo(long time) {
        end = Math.max(end, time);
    }

    /**
     * Removes everything of a user.
     *
     * @return sequences removed
     */
    int forget(String userId) {
        int removed = SequenceParts.forget(userId, sequences);
        count();
        return removed;
    }

    boolean isEmpty() {
        return sequences.isEmpty();
    }

    /** Panes in order, users in order within a pane. */
    public List<TrainingSequence> sequences() {
        return Collections.unmodifiableList(sequences);
    }

    /** New positions that were added. */
    public int interactions() {
        return interactions;
    }

    /** Bytes of its sequences, see {@link SequenceParts#bytes}. */
    long bytes() {
        return bytes;
    }

    /** First event time of a new position, milliseconds since the epoch. */
    long firstTime() {
        return firstTime;
    }

    /** Exclusive end of the first pane, milliseconds since the epoch. */
    long firstPaneEnd() {
        return firstPaneEnd;
    }

    /** Exclusive end in event time, milliseconds since the epoch. */
    public long end() {
        return end;
    }

    private void count() {
        interactions = 0;
        bytes = 0;
        firstTime = Long.MAX_VALUE;
        for (TrainingSequence sequence : sequences) {
            interactions += sequence.fresh().length;
            bytes += SequenceParts.bytes(sequence);
            firstTime = Math.min(firstTime, sequence.timestamps()[sequence.fresh()[0]]);
        }
    }
}
