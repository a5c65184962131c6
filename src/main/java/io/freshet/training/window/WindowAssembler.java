package io.freshet.training.window;

import io.freshet.event.TrainingSequence;
import io.freshet.runtime.StableHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers sequences into panes and complete panes into windows. In which order the sequences of a
 * pane arrive makes no difference.
 *
 * <p>A pane is complete when the watermark has reached its last millisecond. A window is closed at
 * the end of the pane that brings it to enough interactions, before the sequence that would make it
 * too large, or else when it has lasted long enough in event time: only the data decide, never
 * their arrival. A sequence of a pane that is already in a closed window comes into the window that
 * is open; its window ends later than every watermark before, and no earlier than the one before.
 */
final class WindowAssembler {

    /** Users in order; two sequences of one user and pane by when they begin to be new. */
    private static final Comparator<TrainingSequence> ORDER =
            Comparator.comparing(TrainingSequence::userId)
                    .thenComparingLong(sequence -> sequence.timestamps()[sequence.fresh()[0]])
                    .thenComparingInt(sequence -> sequence.partitions()[0])
                    .thenComparingLong(sequence -> sequence.offsets()[0]);

    private final long longest;
    private final TreeMap<Long, Pane> panes = new TreeMap<>();
    private TrainingWindow open = new TrainingWindow();
    private long done = Long.MIN_VALUE;
    private int inPanes;
    private long bytesInPanes;

    /**
     * @param windowTime longest window in event time, counted from the start of its first pane
     * @param pane length of a pane
     */
    WindowAssembler(Duration windowTime, Duration pane) {
        this.longest = Math.max(0, windowTime.toMillis() - pane.toMillis());
    }

    /** The sequences of a pane, the one with the highest hash first. */
    private static final class Pane {

        private record Hashed(double hash, TrainingSequence sequence) {}

        private final PriorityQueue<Hashed> sequences =
                new PriorityQueue<>(
                        Comparator.comparingDouble(Hashed::hash)
                                .thenComparing(Hashed::sequence, ORDER)
                                .reversed());

        void add(TrainingSequence sequence) {
            double hash = StableHash.fraction(sequence.userId(), sequence.paneEnd());
            sequences.add(new Hashed(hash, sequence));
        }

        int size() {
            return sequences.size();
        }

        long bytes() {
            return sequences.stream().mapToLong(each -> SequenceParts.bytes(each.sequence())).sum();
        }

        List<TrainingSequence> inOrder() {
            return sequences.stream().map(Hashed::sequence).sorted(ORDER).toList();
        }
    }

    /** Adds a sequence with at least one fresh position. */
    void add(TrainingSequence sequence) {
        panes.computeIfAbsent(sequence.paneEnd(), end -> new Pane()).add(sequence);
        inPanes++;
        bytesInPanes += SequenceParts.bytes(sequence);
    }

    /**
     * The next window that is closed at a watermark, or null; call again until it is null. The end
     * of the input, {@link Long#MAX_VALUE}, completes all panes, but closes no window by time that
     * the data themselves don't reach beyond.
     *
     * @param least interactions that close a window at the end of a pane
     * @param most most interactions of a window; null is returned if the next sequence has more
     */
    @Nullable TrainingWindow next(long watermark, int least, int most) {
        while (true) {
            Map.Entry<Long, Pane> first = panes.firstEntry();
            if (closesByTime(first, watermark)) {
                return close(deadline());
            }
            if (first == null || first.getKey() - 1 > watermark) {
                done = watermark == Long.MAX_VALUE ? done : Math.max(done, watermark);
                return null;
            }
            boolean all = fill(first.getKey(), first.getValue(), most);
            if (open.isEmpty()) {
                return null;
            }
            if (!all || open.interactions() >= least) {
                return close(first.getKey());
            }
        }
    }

    /** Whether the next sequence that is complete at a watermark has more interactions. */
    boolean isFull(long watermark, int most) {
        Map.Entry<Long, Pane> first = panes.firstEntry();
        return first != null
                && first.getKey() - 1 <= watermark
                && first.getValue().inOrder().get(0).fresh().length > most;
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
        panes.values()
                .forEach(
                        pane ->
                                pane.sequences.removeIf(
                                        each -> each.sequence().userId().equals(userId)));
        panes.values().removeIf(pane -> pane.size() == 0);
        inPanes = panes.values().stream().mapToInt(Pane::size).sum();
        bytesInPanes = panes.values().stream().mapToLong(Pane::bytes).sum();
        return before - size();
    }

    /**
     * Removes a sequence of the pane that has most, so that no time is left out; which one, a hash
     * of user and pane decides, so that no user is preferred.
     *
     * @return whether there was one in a pane
     */
    boolean thin() {
        Map.Entry<Long, Pane> largest = null;
        for (Map.Entry<Long, Pane> pane : panes.entrySet()) {
            if (largest == null || pane.getValue().size() > largest.getValue().size()) {
                largest = pane;
            }
        }
        if (largest == null) {
            return false;
        }
        bytesInPanes -= SequenceParts.bytes(largest.getValue().sequences.remove().sequence());
        inPanes--;
        if (largest.getValue().size() == 0) {
            panes.remove(largest.getKey());
        }
        return true;
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
        panes.values().forEach(pane -> all.addAll(pane.inOrder()));
        return all;
    }

    /** Number of sequences that are in no closed window yet. */
    int size() {
        return open.sequences().size() + inPanes;
    }

    /** Bytes of those sequences, see {@link SequenceParts#bytes}. */
    long bytes() {
        return open.bytes() + bytesInPanes;
    }

    /**
     * First event time of the sequences that are in no closed window yet, of those in a pane its
     * end; milliseconds since the epoch, {@link Long#MAX_VALUE} if there is none.
     */
    long oldest() {
        return Math.min(open.firstTime(), panes.isEmpty() ? Long.MAX_VALUE : panes.firstKey());
    }

    /**
     * Moves a complete pane into the open window, as far as it fits.
     *
     * @return whether all of it did
     */
    private boolean fill(long paneEnd, Pane pane, int most) {
        List<TrainingSequence> sequences = pane.inOrder();
        int interactions = open.interactions();
        int fitting = 0;
        while (fitting < sequences.size()
                && interactions + sequences.get(fitting).fresh().length <= most) {
            interactions += sequences.get(fitting++).fresh().length;
        }
        panes.remove(paneEnd);
        inPanes -= pane.size();
        bytesInPanes -= pane.bytes();
        sequences.subList(fitting, sequences.size()).forEach(this::add);
        if (fitting > 0) {
            open.add(paneEnd, sequences.subList(0, fitting));
        }
        return fitting == sequences.size();
    }

    private boolean closesByTime(Map.@Nullable Entry<Long, Pane> first, long watermark) {
        if (open.isEmpty()) {
            return false;
        }
        long deadline = deadline();
        boolean nothingBefore = first == null || first.getKey() > deadline;
        boolean passed = watermark == Long.MAX_VALUE ? first != null : deadline - 1 <= watermark;
        return nothingBefore && passed;
    }

    /** The time at which the open window ends however few interactions it has. */
    private long deadline() {
        long first = open.firstPaneEnd();
        return first > Long.MAX_VALUE - longest ? Long.MAX_VALUE : first + longest;
    }

    private TrainingWindow close(long end) {
        TrainingWindow closed = open;
        closed.extendTo(Math.max(end, done + 1));
        done = Math.max(done, closed.end() - 1);
        open = new TrainingWindow();
        return closed;
    }
}
