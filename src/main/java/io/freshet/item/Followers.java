package io.freshet.item;

import io.freshet.event.FollowerCounts;
import java.util.Arrays;

/**
 * Counts what follows an item, for at most so many followers. Another one replaces that of the
 * lowest count; unlike in the Space-Saving sketch it does not inherit the count, because these
 * counts are evidence for the model. The total includes the replaced ones.
 */
final class Followers {

    /** Halvings after which the landmark moves; counts stay far inside the range of floats. */
    private static final int MAX_HALVINGS = 16;

    private final Decay decay;
    private final int capacity;

    /**
     * @param capacity most followers that are counted
     */
    Followers(Decay decay, int capacity) {
        this.decay = decay;
        this.capacity = capacity;
    }

    /**
     * Counts one follower; one that comes late counts what is left of it.
     *
     * @param timestamp event time of the follower, milliseconds since the epoch
     */
    void count(FollowersState item, String follower, long timestamp, float weight) {
        moveLandmark(item, timestamp);
        float counted = (float) (weight * decay.after(item.landmark - timestamp));
        item.total += counted;
        int place = indexOf(item.items, follower);
        if (place < 0) {
            place = makeRoom(item, counted);
        }
        if (place >= 0) {
            raise(item, place, follower, item.counts[place] + counted);
        }
    }

    /**
     * Takes back what is left of one follower; nothing if another one has replaced it.
     *
     * @param countedAt event time of the follower, milliseconds since the epoch
     * @param weight what it was counted, above 0
     */
    void takeBack(FollowersState item, String follower, long countedAt, float weight) {
        int place = indexOf(item.items, follower);
        if (place >= 0) {
            float counted = (float) (weight * decay.after(item.landmark - countedAt));
            item.total = Math.max(0, item.total - counted);
            lower(item, place, follower, Math.max(0, item.counts[place] - counted));
        }
    }

    /**
     * The most frequent followers, as they count at a request's time. Equal ones come in the order
     * of their ids, but the newest of them are last. A request from before the newest follower gets
     * the counts at that follower's time, for nothing counts more than 1.
     *
     * @param timestamp event time of the request, milliseconds since the epoch
     * @param most followers wanted
     */
    FollowerCounts answer(FollowersState item, long timestamp, int most) {
        int size = Math.min(most, item.items.length);
        String[] items = Arrays.copyOf(item.items, size);
        float[] counts = Arrays.copyOf(item.counts, size);
        sortEqualsById(items, counts);
        double worth = decay.after(Math.max(timestamp, item.time) - item.landmark);
        for (int i = 0; i < size; i++) {
            counts[i] = (float) (counts[i] * worth);
        }
        return new FollowerCounts(items, counts, (float) (item.total * worth));
    }

    private void moveLandmark(FollowersState item, long timestamp) {
        if (item.total == 0) {
            item.landmark = timestamp;
            item.time = timestamp;
        }
        item.time = Math.max(item.time, timestamp);
        long halvings = decay.halvings(timestamp - item.landmark);
        if (halvings >= MAX_HALVINGS) {
            item.landmark += decay.millis(halvings);
            int exponent = (int) -Math.min(halvings, Integer.MAX_VALUE);
            item.total = Math.scalb(item.total, exponent);
            for (int i = 0; i < item.counts.length; i++) {
                item.counts[i] = Math.scalb(item.counts[i], exponent);
            }
        }
    }

    /** The last place, emptied for a new follower; -1 if that has the lowest count itself. */
    private int makeRoom(FollowersState item, float weight) {
        int last = item.items.length;
        if (last < capacity) {
            item.items = Arrays.copyOf(item.items, last + 1);
            item.counts = Arrays.copyOf(item.counts, last + 1);
            return last;
        }
        if (weight < item.counts[last - 1]) {
            return -1;
        }
        item.counts[last - 1] = 0;
        return last - 1;
    }

    /** Moves a follower from its place up to where its new count belongs, before equal ones. */
    private static void raise(FollowersState item, int place, String follower, float count) {
        int to = place;
        while (to > 0 && item.counts[to - 1] <= count) {
            item.items[to] = item.items[to - 1];
            item.counts[to] = item.counts[to - 1];
            to--;
        }
        item.items[to] = follower;
        item.counts[to] = count;
    }

    /** Moves a follower from its place down to where its new count belongs, before equal ones. */
    private static void lower(FollowersState item, int place, String follower, float count) {
        int to = place;
        while (to + 1 < item.counts.length && item.counts[to + 1] > count) {
            item.items[to] = item.items[to + 1];
            item.counts[to] = item.counts[to + 1];
            to++;
        }
        item.items[to] = follower;
        item.counts[to] = count;
    }

    private static int indexOf(String[] items, String wanted) {
        for (int i = 0; i < items.length; i++) {
            if (wanted.equals(items[i])) {
                return i;
            }
        }
        return -1;
    }

    private static void sortEqualsById(String[] items, float[] counts) {
        for (int i = 1; i < items.length; i++) {
            String item = items[i];
            int to = i;
            while (to > 0 && counts[to - 1] == counts[i] && items[to - 1].compareTo(item) > 0) {
                items[to] = items[to - 1];
                to--;
            }
            items[to] = item;
        }
    }
}
