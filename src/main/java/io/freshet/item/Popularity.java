package io.freshet.item;

import io.freshet.event.ItemPopularity;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Counts how often an item was chosen, once per half-life. */
final class Popularity {

    private final Decay[] decays;

    Popularity(List<Duration> halfLives) {
        this.decays = halfLives.stream().map(Decay::new).toArray(Decay[]::new);
    }

    /**
     * Counts one choice. A late one counts what is left of it, so the order of arrival makes no
     * difference.
     *
     * @param timestamp event time of the choice, milliseconds since the epoch
     */
    void count(PopularityState item, long timestamp, float weight) {
        pass(item, timestamp);
        long age = item.time - timestamp;
        for (int i = 0; i < decays.length; i++) {
            item.counts[i] += weight * decays[i].after(age);
        }
    }

    /**
     * Takes back what is left of one choice.
     *
     * @param countedAt event time of the choice, milliseconds since the epoch
     * @param weight what it was counted, above 0
     * @param timestamp event time at which it is taken back, milliseconds since the epoch
     */
    void takeBack(PopularityState item, long countedAt, float weight, long timestamp) {
        pass(item, timestamp);
        long age = item.time - countedAt;
        for (int i = 0; i < decays.length; i++) {
            item.counts[i] = Math.max(0, item.counts[i] - weight * decays[i].after(age));
        }
    }

    /** Lets time pass, up to an event time that it may have reached already. */
    private void pass(PopularityState item, long timestamp) {
        fit(item);
        if (item.time == PopularityState.NEVER) {
            item.time = timestamp;
        }
        long passed = Math.max(0, timestamp - item.time);
        item.time += passed;
        for (int i = 0; i < decays.length; i++) {
            item.counts[i] *= decays[i].after(passed);
        }
    }

    /** The counts as an event, valid at the item's newest event time. */
    ItemPopularity update(String itemId, PopularityState item) {
        fit(item);
        float[] counts = new float[item.counts.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (float) item.counts[i];
        }
        return new ItemPopularity(itemId, item.time, counts);
    }

    /** Makes as many counts as there are half-lives, whose number may have been configured anew. */
    private void fit(PopularityState item) {
        if (item.counts.length != decays.length) {
            item.counts = Arrays.copyOf(item.counts, decays.length);
        }
    }
}
