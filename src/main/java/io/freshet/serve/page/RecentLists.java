package io.freshet.serve.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.runtime.RecentRate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What the newest lists say together: how many come, how fresh they are, whose they are, and which
 * items they show. Where many come, some of each second are looked into, and the others counted.
 * Not thread-safe.
 */
final class RecentLists {

    static final int LISTS = 1000;
    static final int MOST_SEEN = 100; // of a second

    private static final int SECONDS = 60;
    private static final long WINDOW_MILLIS = SECONDS * 1_000L;
    private static final int MOST_USERS = 12;
    private static final double MEDIAN = 0.5;
    private static final double TAIL = 0.95;

    private final LongSupplier clock;
    private final long started;
    private final RecentRate lists = new RecentRate(SECONDS);
    private final RecentRate answers = new RecentRate(SECONDS);
    private final Deque<Arrival> arrivals = new ArrayDeque<>();
    private final Deque<Set<String>> shown = new ArrayDeque<>();
    private final Set<String> users = new LinkedHashSet<>();
    private long second = Long.MIN_VALUE;
    private int seen;
    private boolean isPast;

    /** When a list was read, and how long it took from what asked for it to its scoring. */
    private record Arrival(long atMillis, long freshMillis) {}

    /**
     * @param clock milliseconds since the epoch
     */
    RecentLists(LongSupplier clock) {
        this.clock = clock;
        this.started = clock.getAsLong();
    }

    /** Whether to look into the next list. */
    boolean wants() {
        long now = Math.floorDiv(clock.getAsLong(), 1_000L);
        if (now != second) {
            second = now;
            seen = 0;
        }
        return seen < MOST_SEEN;
    }

    /** Counts a list of a user, or an answer, whose user is empty. */
    void count(String user) {
        if (!user.isEmpty()) {
            name(user);
        }
        if (!isPast) { // as the last that was looked into: no rate is of what was there before
            (user.isEmpty() ? answers : lists).add(clock.getAsLong(), 1);
        }
    }

    /** Counts a list as well, and looks into it. */
    void see(String user, JsonNode list) {
        seen++;
        long now = clock.getAsLong();
        long served = list.path("served_at_ms").asLong(now);
        isPast = served < started - WINDOW_MILLIS;
        count(user);
        if (user.isEmpty()) {
            return;
        }
        Set<String> items = new LinkedHashSet<>();
        list.path("items").forEach(item -> items.add(item.path("item_id").asText()));
        add(shown, items);
        long asked = list.path("arrived_at_ms").asLong(-1);
        if (!isPast && asked >= 0) {
            add(arrivals, new Arrival(now, Math.max(0, served - asked)));
        }
    }

    /** Drops a user who was forgotten. */
    void remove(String user) {
        users.remove(user);
    }

    /** In how many of the newest lists an item is. */
    long shown(String item) {
        return shown.stream().filter(items -> items.contains(item)).count();
    }

    /** How many lists {@link #shown} looks at. */
    int kept() {
        return shown.size();
    }

    /** Writes the figures of the last minute, and the users whose lists came last. */
    void writeTo(ObjectNode fields) {
        long now = clock.getAsLong();
        fields.put("lists_per_second", lists.perSecond(now));
        fields.put("answers_per_second", answers.perSecond(now));
        long[] fresh =
                arrivals.stream()
                        .filter(arrival -> arrival.atMillis >= now - WINDOW_MILLIS)
                        .mapToLong(Arrival::freshMillis)
                        .sorted()
                        .toArray();
        if (fresh.length > 0) {
            fields.put("freshness_p50_ms", quantile(fresh, MEDIAN));
            fields.put("freshness_p95_ms", quantile(fresh, TAIL));
        }
        users.forEach(fields.withArrayProperty("users")::add);
    }

    private void name(String user) {
        users.remove(user);
        users.add(user);
        if (users.size() > MOST_USERS) {
            users.remove(users.iterator().next());
        }
    }

    private static <T> void add(Deque<T> newest, T one) {
        newest.addLast(one);
        if (newest.size() > LISTS) {
            newest.removeFirst();
        }
    }

    private static long quantile(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }
}
