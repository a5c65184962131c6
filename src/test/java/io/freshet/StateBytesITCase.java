package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.event.Interaction;
import io.freshet.event.ItemSignal;
import io.freshet.event.UserSignal;
import io.freshet.history.HistoryFunction;
import io.freshet.item.ItemContextFunction;
import io.freshet.runtime.attribute.PositionAttributes;
import io.freshet.runtime.state.CachingKeyedCoProcessOperator;
import io.freshet.runtime.state.CachingKeyedProcessOperator;
import io.freshet.testing.TestingRocksDb;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/**
 * What a user and an item take of a checkpoint, with the defaults and ids of eight characters: the
 * handbook's sizing is reckoned from these figures, which a change of the state must not raise
 * unseen.
 */
class StateBytesITCase {

    private static final int USERS = 2_000;
    private static final int ITEMS = 500;
    private static final int CATALOG = 10_000_000;
    private static final int HOUR = 3_600_000;
    private static final long START = 1_700_000_000_000L;
    private static final FreshetConfig CONFIG =
            FreshetConfig.from(Arguments.parse("--store.path=file:///models"));

    /** Ids that follow a rule would be compressed to nothing. */
    private final Random random = new Random(1);

    @Test
    void ofAUserWithAFullHistory() throws Exception {
        int length = CONFIG.history().length();
        try (var harness =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new CachingKeyedCoProcessOperator<>(
                                new HistoryFunction(CONFIG.history(), PositionAttributes.none()),
                                CONFIG.state().cachedKeys()),
                        Interaction::userId,
                        UserSignal::key,
                        Types.STRING)) {
            TestingRocksDb.use(harness);
            harness.open();
            // one user after another, so that RocksDB has few old values that wait for compaction
            for (int offset = 0; offset < USERS * 2 * length; offset++) {
                long time = START + (long) offset * HOUR;
                harness.processElement1(
                        new Interaction(
                                "event-" + offset,
                                id("u", offset / (2 * length)),
                                id("i", random.nextInt(CATALOG)),
                                "click",
                                Float.NaN,
                                time,
                                0,
                                offset,
                                time,
                                List.of()),
                        time);
                harness.processBothWatermarks(new Watermark(time));
                harness.getOutput().clear();
            }
            harness.processBothWatermarks(Watermark.MAX_WATERMARK);
            long bytes = harness.snapshot(1, 1).getStateSize() / USERS;
            Figures.leave("bytes-per-user", bytes + " bytes per user with a full history");
            assertThat(bytes).isLessThan(4_000);
        }
    }

    @Test
    void ofAnItemWithAllItsFollowers() throws Exception {
        int followers = CONFIG.item().maxFollowers();
        try (var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new CachingKeyedProcessOperator<>(
                                new ItemContextFunction(
                                        CONFIG.item(), CONFIG.recommend().candidates()),
                                CONFIG.state().cachedKeys()),
                        ItemSignal::itemId,
                        Types.STRING)) {
            TestingRocksDb.use(harness);
            harness.open();
            for (int item = 0; item < ITEMS; item++) {
                harness.processElement(ItemSignal.chosen(id("i", item), START), START);
                for (int follower = 0; follower < followers; follower++) {
                    harness.processElement(
                            ItemSignal.followed(
                                    id("i", item), id("i", random.nextInt(CATALOG)), START),
                            START);
                }
            }
            long bytes = harness.snapshot(1, 1).getStateSize() / ITEMS;
            Figures.leave("bytes-per-item", bytes + " bytes per item with all its followers");
            assertThat(bytes).isLessThan(1_500);
        }
    }

    private static String id(String kind, int number) {
        return "%s%07d".formatted(kind, number);
    }
}
