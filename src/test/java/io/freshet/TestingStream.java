package io.freshet;

import io.freshet.event.ItemHash;
import io.freshet.history.HistoryState;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A stream that is the same each time it is sent. Users take items in turns; every seventh
 * interaction has happened before its user's last one, and every tenth is sent twice.
 */
final class TestingStream {

    static final int USERS = 42;
    static final int ITEMS = 30;
    static final int PARTITIONS = 3;

    /** Event time of the first interaction, in the past for good. */
    static final long START = 1_700_000_000_000L;

    static final long DAY = Duration.ofDays(1).toMillis();

    private static final long GAP = 50;
    private static final long LATE = 2_500; // a user acts every 2,100 ms

    private TestingStream() {}

    static void announceItems(TestingTopics topics) {
        for (int item = 0; item < ITEMS; item++) {
            topics.send(
                    "items",
                    0,
                    String.format(
                            "{\"item_id\":\"item-%d\",\"title\":\"Item %d\",\"timestamp_ms\":%d}",
                            item, item, START));
        }
    }

    /** Sends interactions by their running number. */
    static void send(TestingTopics topics, int from, int to) {
        for (int i = from; i < to; i++) {
            send(topics, i);
            if (i >= 30 && (i - 30) % 10 == 0) {
                send(topics, i - 30);
            }
        }
    }

    /** Moves event time beyond the open window's end, and beyond that of the window after it. */
    static void closeWindows(TestingTopics topics) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (int day = 1; day <= 2; day++) {
                String user = (day == 1 ? "last-" : "end-") + partition;
                topics.send(
                        "interactions",
                        partition,
                        interaction(user, user, partition, START + day * DAY));
            }
        }
    }

    /** Number of a user's interactions among the first so many of the stream. */
    static int count(int user, int interactions) {
        return (interactions - user + USERS - 1) / USERS;
    }

    /**
     * What a user's history must be after so many interactions of that user.
     *
     * @param length interactions that a history keeps
     */
    static HistoryState history(int user, int count, int length) {
        int[] arrived = IntStream.range(0, count).map(n -> user + n * USERS).toArray();
        int[] happened =
                IntStream.of(arrived)
                        .boxed()
                        .sorted(Comparator.comparingLong(TestingStream::time))
                        .mapToInt(i -> i)
                        .toArray();
        int[] kept = Arrays.copyOfRange(happened, Math.max(0, count - length), count);
        HistoryState history = new HistoryState();
        history.remembered = IntStream.of(arrived).mapToLong(i -> ItemHash.of("e" + i)).toArray();
        history.items = IntStream.of(kept).mapToObj(i -> "item-" + item(i)).toArray(String[]::new);
        history.timestamps = IntStream.of(kept).mapToLong(TestingStream::time).toArray();
        return history;
    }

    private static void send(TestingTopics topics, int i) {
        int user = i % USERS;
        topics.send(
                "interactions",
                user % PARTITIONS,
                interaction("e" + i, "user-" + user, item(i), time(i)));
    }

    private static int item(int i) {
        return (i % USERS + i / USERS) % ITEMS;
    }

    private static long time(int i) {
        return START + i * GAP - (i >= USERS && i % 7 == 0 ? LATE : 0);
    }

    private static String interaction(String event, String user, int item, long time) {
        return String.format(
                Locale.ROOT,
                "{\"event_id\":\"%s\",\"user_id\":\"%s\",\"item_id\":\"item-%d\","
                        + "\"timestamp_ms\":%d}",
                event,
                user,
                item,
                time);
    }
}
