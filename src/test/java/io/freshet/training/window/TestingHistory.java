package io.freshet.training.window;

import io.freshet.event.TrainingSequence;
import io.freshet.training.TestingSequences;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A user's history, of which training sequences are made: {@code user("ann").after("a").fresh("b",
 * "c").inPane(10)}. There is one interaction per millisecond, the last in the pane's last; offsets
 * of fresh positions count up from {@link #offset}.
 */
final class TestingHistory {

    private final String user;
    private String[] before = {};
    private String[] fresh = {};
    private long offset;

    private TestingHistory(String user) {
        this.user = user;
    }

    static TestingHistory user(String user) {
        return new TestingHistory(user);
    }

    /** Items of earlier panes. */
    TestingHistory after(String... items) {
        before = items;
        return this;
    }

    /** Items of this pane. */
    TestingHistory fresh(String... items) {
        fresh = items;
        return this;
    }

    /** So many items of this pane, whichever they are. */
    TestingHistory fresh(int count) {
        return fresh(IntStream.range(0, count).mapToObj(i -> "item " + i).toArray(String[]::new));
    }

    /** Source offset of the first fresh position. */
    TestingHistory offset(long first) {
        offset = first;
        return this;
    }

    /**
     * The sequence at the end of a pane.
     *
     * @param end exclusive end of the pane in event time, milliseconds since the epoch
     */
    TrainingSequence inPane(long end) {
        String[] items = Stream.of(before, fresh).flatMap(Arrays::stream).toArray(String[]::new);
        float[] ratings = new float[items.length];
        Arrays.fill(ratings, Float.NaN);
        long[] timestamps = new long[items.length];
        Arrays.setAll(timestamps, i -> end - items.length + i);
        int[] positions = new int[fresh.length];
        Arrays.setAll(positions, i -> before.length + i);
        long[] offsets = new long[fresh.length];
        Arrays.setAll(offsets, i -> offset + i);
        return TestingSequences.unweighted(
                user, end, items, ratings, timestamps, positions, new int[fresh.length], offsets);
    }
}
