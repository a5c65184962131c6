package io.freshet.training;

import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers sequences into panes and complete panes into windows. In which order the sequences of a
 * pane arrive makes no difference.
 *
 * <p>A pane is complete when the watermark has reached its last millisecond. A sequence of a pane
 * that is already in a closed window comes into the window that is open; its window's end is still
 * later than every watermark before.
 */
final class WindowAssembler {

    /** Users in order; two sequences of one user and pane by when they begin to be new. */
    private static final Comparator<TrainingSequence> ORDER =
            Comparator.comparing(TrainingSequence::userId)
                    .thenComparingLong(sequence -> sequence.timestamps()[sequence.fresh()[0]])
                    .thenComparingInt(sequence -> sequence.partitions()[0])
                    .thenComparingLong(sequence -> sequence.offsets()[0]);

    private final WindowTrigger trigger;
    private final TreeMap<Long, List<TrainingSequence>> panes = new TreeMap<>();
    private TrainingWindow open = new TrainingWindow();
    private long done = Long.MIN_VALUE;
    private int inPanes;

    WindowAssembler(WindowTrigger trigger) {
        this.trigger = trigger;
    }

    /** Adds a sequence with at least one fresh position. */
    void add(TrainingSequence sequence) {
        panes.computeIfAbsent(sequence.paneEnd(), end -> new ArrayList<>()).add(sequence);
        inPanes++;
    }

    /**
     * The next window that is closed at a watermark, or null; call again until it is null. It
     * closes at the end of the pane that brings it to so many interactions, or else by time. The
     * end of the input, {@link Long#MAX_VALUE}, completes all panes, but closes no window by time
     * that the data themselves don't reach beyond.
     */
    @Nullable TrainingWindow next(long watermark, int interactions) {
        while (true) {
            Map.Entry<Long, List<TrainingSequence>> first = panes.firstEntry();
            if (closesByTime(first, watermark)) {
                return close(trigger.deadline(open));
            }
            if (first == null || first.getKey() - 1 > watermark) {
                done = watermark == Long.MAX_VALUE ? done : Math.max(done, watermark);
                return null;
            }
            panes.remove(first.getKey());
            inPanes -= first.getValue().size();
            first.getValue().sort(ORDER);
            open.add(first.getKey(), first.getValue());
            if (trigger.isFull(open, interactions)) {
                return close(first.getKey());
            }
        }
    }

    /** The window that collects as it is, or null if nothing is in it. */
    @Nullable TrainingWindow closeNow() {
        return open.isEmpty() ? null : close(open.end());
    }

    /**
     * Removes everything of a user.
     *
     * @return sequences removed
     */
    int forget(String userId) {
        int before = size();
        open.forget(userId);
        panes.values().forEach(pane -> pane.removeIf(s -> s.userId().equals(userId)));
        panes.values().removeIf(List::isEmpty);
        inPanes = panes.values().stream().mapToInt(List::size).sum();
        return before - size();
    }

    /** Removes a sequence of the oldest pane; there must be one. */
    void dropOldest() {
        if (!open.isEmpty()) {
            open.dropFirst();
            return;
        }
        Map.Entry<Long, List<TrainingSequence>> first = panes.firstEntry();
        first.getValue().remove(first.getValue().size() - 1);
        inPanes--;
        if (first.getValue().isEmpty()) {
            panes.remove(first.getKey());
        }
    }

    /** Number of sequences of panes that are complete at a watermark. */
    int complete(long watermark) {
        int inComplete =
                panes.entrySet().stream()
                        .filter(pane -> pane.getKey() - 1 <= watermark)
                        .mapToInt(pane -> pane.getValue().size())
                        .sum();
        return open.sequences().size() + inComplete;
    }

    /** Everything that is in no closed window yet. */
    List<TrainingSequence> pending() {
        List<TrainingSequence> all = new ArrayList<>(open.sequences());
        panes.values().forEach(all::addAll);
        return all;
    }

    /** Number of sequences that are in no closed window yet. */
    int size() {
        return open.sequences().size() + inPanes;
    }

    private boolean closesByTime(
            Map.@Nullable Entry<Long, List<TrainingSequence>> first, long watermark) {
        if (open.isEmpty()) {
            return false;
        }
        long deadline = trigger.deadline(open);
        boolean nothingBefore = first == null || first.getKey() > deadline;
        boolean passed = watermark == Long.MAX_VALUE ? first != null : deadline - 1 <= watermark;
        return nothingBefore && passed;
    }

    private TrainingWindow close(long end) {
        TrainingWindow closed = open;
        closed.extendTo(Math.max(end, done + 1));
        open = new TrainingWindow();
        return closed;
    }
}
