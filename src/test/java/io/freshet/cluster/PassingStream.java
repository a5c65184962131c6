package io.freshet.cluster;

import io.freshet.demo.RecordWriter;
import io.freshet.demo.shop.ShopRecord;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A day of interactions of items and users that are born and die: ten times as many in the course
 * of it as are alive at a time. The newest items are chosen most. The catalog lists every other
 * item when it is born, and withdraws it when it dies; nobody says anything of the rest.
 */
final class PassingStream {

    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
    private static final Duration LENGTH = Duration.ofDays(1);
    private static final int GENERATIONS = 10;
    private static final int INTERACTIONS_PER_ITEM = 40;
    private static final int INTERACTIONS_PER_USER = 20;

    private final int interactions;
    private final int items;
    private final int users;
    private final SplittableRandom random = new SplittableRandom(13);
    private int sent;
    private int born;
    private int dead;

    /**
     * @param interactions in the day
     */
    PassingStream(int interactions) {
        this.interactions = interactions;
        this.items = interactions / (GENERATIONS * INTERACTIONS_PER_ITEM);
        this.users = interactions / (GENERATIONS * INTERACTIONS_PER_USER);
    }

    /** Items that are alive at a time. */
    int items() {
        return items;
    }

    /** Users that are alive at a time. */
    int users() {
        return users;
    }

    /** Sends the stream up to an interaction. */
    void sendUpTo(int end, Topics topics, RecordWriter writer) {
        for (; sent < end; sent++) {
            long time = START.toEpochMilli() + LENGTH.toMillis() * sent / interactions;
            int oldest = oldest(items);
            for (; born < oldest + items; born++) {
                announce(born, true, time, topics, writer);
            }
            for (; dead < oldest; dead++) {
                announce(dead, false, time, topics, writer);
            }
            double age = random.nextDouble();
            int item = oldest + items - 1 - (int) (items * age * age);
            int user = oldest(users) + random.nextInt(users);
            Interaction interaction =
                    new Interaction(
                            "event-" + sent,
                            user(user),
                            item(item),
                            "click",
                            Float.NaN,
                            time,
                            0,
                            0);
            topics.send(writer.write(new ShopRecord.Action(time, interaction, false)));
        }
        topics.flush();
    }

    private static void announce(
            int item, boolean available, long time, Topics topics, RecordWriter writer) {
        if (item % 2 == 0) {
            CatalogItem record =
                    new CatalogItem(
                            item(item),
                            "Item " + item,
                            "",
                            List.of("category " + item % 7),
                            available,
                            time,
                            Map.of());
            topics.send(writer.write(new ShopRecord.Announcement(time, record)));
        }
    }

    /** Number of the oldest that is alive now, of so many that are alive at a time. */
    private int oldest(int alive) {
        return (int) ((long) sent * (GENERATIONS - 1) * alive / interactions);
    }

    private static String item(int number) {
        return "item-" + number;
    }

    private static String user(int number) {
        return "user-" + number;
    }
}
