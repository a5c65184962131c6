package io.freshet.cluster;

import io.freshet.config.FreshetConfig;
import io.freshet.demo.RecordWriter;
import io.freshet.demo.shop.CsvFeed;
import io.freshet.demo.shop.Feed;
import io.freshet.demo.shop.GeneratedFeed;
import io.freshet.demo.shop.ShopRecord;
import io.freshet.demo.shop.ShopSettings;
import io.freshet.event.Interaction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;

/**
 * A bounded part of a feed, late, doubled and broken records included, with some interactions far
 * behind it that let event time pass all windows. Gives what must hold of it in the end.
 */
final class ShopStream {

    /** Event time after which a window closes with fewer interactions than its minimum. */
    static final Duration WINDOW_TIME = Duration.ofDays(30);

    /** Users that close the stream's windows, and as many that close theirs. */
    static final int CLOSERS = 64;

    private final List<ShopRecord> records = new ArrayList<>();
    private final Duration disorder;
    private int interactions;
    private int broken;

    /**
     * @param interactions how many of the feed, doubled ones counted once
     */
    ShopStream(Feed feed, int interactions) {
        this.disorder = feed.disorder();
        Iterator<ShopRecord> past = feed.history().iterator();
        while (this.interactions < interactions && (past.hasNext() || feed.live().hasNext())) {
            ShopRecord next = past.hasNext() ? past.next() : feed.live().next();
            records.add(next);
            if (next instanceof ShopRecord.Action action && !action.again()) {
                this.interactions++;
            } else if (next instanceof ShopRecord.Broken) {
                broken++;
            }
        }
    }

    /** Part of a small generated shop. */
    static ShopStream generated(long seed, int interactions) {
        ShopSettings usual = ShopSettings.of(seed);
        return generated(seed, interactions, usual.newItems(), usual.newShoppers());
    }

    /** Part of a small generated shop whose items and shoppers stay the same. */
    static ShopStream steady(long seed, int interactions) {
        return generated(seed, interactions, 0, 0);
    }

    private static ShopStream generated(
            long seed, int interactions, double newItems, double newShoppers) {
        ShopSettings large = ShopSettings.of(seed);
        ShopSettings small =
                new ShopSettings(
                        seed,
                        large.start(),
                        80,
                        250,
                        large.salesPerWeek(),
                        large.sessionLength(),
                        newItems,
                        newShoppers,
                        large.tasteDrift(),
                        large.newInterests(),
                        large.newCompanions(),
                        large.trends(),
                        large.trendLength(),
                        large.disorder(),
                        large.lateShare(),
                        large.duplicateShare(),
                        large.brokenShare(),
                        large.feedback());
        return new ShopStream(GeneratedFeed.of(small, Duration.ZERO, 1), interactions);
    }

    /**
     * What {@code -Dfreshet.interactions} and {@code -Dfreshet.items} name, which are files;
     * without them a generated shop.
     *
     * @param usual how many interactions, if {@code -Dfreshet.limit} doesn't say
     */
    static ShopStream configured(long seed, int usual) throws IOException {
        int limit = Integer.getInteger("freshet.limit", usual);
        String interactions = System.getProperty("freshet.interactions");
        String items = System.getProperty("freshet.items");
        if (interactions == null || items == null) {
            return generated(seed, limit);
        }
        FreshetConfig config = FreshetConfig.from(new Configuration());
        return new ShopStream(
                CsvFeed.open(Path.of(interactions), Path.of(items), config, null, 1), limit);
    }

    /** Records, whatever they are. */
    int size() {
        return records.size();
    }

    /** Number of the record behind so many more interactions, or behind the last of all. */
    int after(int from, int interactions) {
        int to = from;
        int passed = 0;
        while (to < records.size() && passed < interactions) {
            passed += records.get(to++) instanceof ShopRecord.Action ? 1 : 0;
        }
        return to;
    }

    /** Different interactions of the feed. */
    int interactions() {
        return interactions;
    }

    /** Broken records. */
    int broken() {
        return broken;
    }

    /** Longest delay of a late record. */
    Duration disorder() {
        return disorder;
    }

    /** Sends the records from the one number to before the other. */
    void send(Topics topics, RecordWriter writer, int from, int to) {
        records.subList(from, to).forEach(record -> topics.send(writer.write(record)));
        topics.flush();
    }

    /**
     * Sends every item's first record.
     *
     * @return how many items there are
     */
    int sendCatalog(Topics topics, RecordWriter writer) {
        Map<String, ShopRecord> catalog = new LinkedHashMap<>();
        for (ShopRecord record : records) {
            if (record instanceof ShopRecord.Announcement announced) {
                catalog.putIfAbsent(announced.item().itemId(), record);
            }
        }
        catalog.values().forEach(record -> topics.send(writer.write(record)));
        topics.flush();
        return catalog.size();
    }

    /**
     * Sends users of one interaction each: of every partition some that close the feed's windows,
     * and some that close theirs.
     *
     * @return how many of them come to be trained
     */
    int close(Topics topics, RecordWriter writer) {
        long end =
                records.stream()
                        .filter(ShopRecord.Action.class::isInstance)
                        .mapToLong(record -> ((ShopRecord.Action) record).interaction().timestamp())
                        .max()
                        .orElse(0);
        for (int late = 1; late <= 2; late++) {
            long time = end + 2 * late * WINDOW_TIME.toMillis();
            for (int i = 0; i < CLOSERS; i++) {
                String user = "closer-" + late + "-" + i;
                Interaction interaction =
                        new Interaction(user, user, "closer", "purchase", Float.NaN, time, 0, 0);
                topics.send(writer.write(new ShopRecord.Action(time, interaction, false)));
            }
            topics.flush();
        }
        return CLOSERS;
    }

    /** Items of every user in event-time order, those of one time in the order of arrival. */
    Map<String, List<String>> histories() {
        Map<String, List<Interaction>> sales = new TreeMap<>();
        for (ShopRecord record : records) {
            if (record instanceof ShopRecord.Action action && !action.again()) {
                Interaction interaction = action.interaction();
                sales.computeIfAbsent(interaction.userId(), user -> new ArrayList<>())
                        .add(interaction);
            }
        }
        Map<String, List<String>> histories = new TreeMap<>();
        sales.forEach(
                (user, theirs) -> {
                    theirs.sort(Comparator.comparingLong(Interaction::timestamp));
                    histories.put(user, theirs.stream().map(ShopStream::position).toList());
                });
        return histories;
    }

    /** Whether a user is not of the feed. */
    static boolean isCloser(String user) {
        return user.startsWith("closer-");
    }

    /** One position of a history. */
    static String position(String item, long timestamp) {
        return item + "@" + timestamp;
    }

    private static String position(Interaction interaction) {
        return position(interaction.itemId(), interaction.timestamp());
    }
}
