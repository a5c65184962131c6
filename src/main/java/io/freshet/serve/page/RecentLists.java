package io.freshet.serve.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What the newest lists say together: how many come, how fresh they are, whose they are, and which
 * items they show. Not thread-safe.
 */
final class RecentLists {

    static final int LISTS = 1000;
    static final long WINDOW_MILLIS = 60_000;

    private static final int MOST_USERS = 12;
    private static final int MOST_TIMES = 200_000;
    private static final double MEDIAN = 0.5;
    private static final double TAIL = 0.95;

    private final LongSupplier clock;
    private final long started;
    private final Deque<Arrival> lists = new ArrayDeque<>();
    private final Deque<Arrival> answers = new ArrayDeque<>();
    private final Deque<Set<String>> shown = new ArrayDeque<>();
    private final Set<String> users = new LinkedHashSet<>();

    /**
     * When a list was read.
     *
     * @param freshMillis from what asked for it to its scoring; -1 if not known
     */
    private record Arrival(long atMillis, long freshMillis) {}

    /**
     * @param clock milliseconds since the epoch
     */
    RecentLists(LongSupplier clock) {
        this.clock = clock;
        this.started = clock.getAsLong();
    }

    /** A list that activity led to. */
    void list(String user, JsonNode list) {
        users.remove(user);
        users.add(user);
        if (users.size() > MOST_USERS) {
            users.remove(users.iterator().next());
        }
        Set<String> items = new LinkedHashSet<>();
        list.path("items").forEach(item -> items.add(item.path("item_id").asText()));
        shown.addLast(items);
        if (shown.size() > LISTS) {
            shown.removeFirst();
        }
        arrived(lists, list);
    }

    /** A list that answers a request. */
    void answer(JsonNode list) {
        arrived(answers, list);
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
        expire(lists, now);
        expire(answers, now);
        double seconds = Math.max(1, Math.min(WINDOW_MILLIS, now - started)) / 1000.0;
        fields.put("lists_per_second", lists.size() / Math.max(1, seconds));
        fields.put("answers_per_second", answers.size() / Math.max(1, seconds));
        long[] fresh =
                lists.stream()
                        .mapToLong(Arrival::freshMillis)
                        .filter(millis -> millis >= 0)
                        .sorted()
                        .toArray();
        if (fresh.length > 0) {
            fields.put("freshness_p50_ms", quantile(fresh, MEDIAN));
            fields.put("freshness_p95_ms", quantile(fresh, TAIL));
        }
        users.forEach(fields.withArrayProperty("users")::add);
    }

    private void arrived(Deque<Arrival> arrivals, JsonNode list) {
        long now = clock.getAsLong();
        long served = list.path("served_at_ms").asLong(now);
        if (served < started - WINDOW_MILLIS) {
            return; // of before the gateway
        }
        long asked = list.path("arrived_at_ms").asLong(-1);
        arrivals.addLast(new Arrival(now, asked < 0 ? -1 : Math.max(0, served - asked)));
        if (arrivals.size() > MOST_TIMES) {
            arrivals.removeFirst();
        }
    }

    private static void expire(Deque<Arrival> arrivals, long now) {
        while (!arrivals.isEmpty() && arrivals.getFirst().atMillis < now - WINDOW_MILLIS) {
            arrivals.removeFirst();
        }
    }

    private static long quantile(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }
}
