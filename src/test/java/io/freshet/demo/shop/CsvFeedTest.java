package io.freshet.demo.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.freshet.config.FreshetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFeedTest {

    private static final long START = 1_600_000_000_000L;
    private static final Configuration OPTIONS = new Configuration();
    private static final String HEADER = "user_id,item_id,event_type,rating,timestamp_ms\n";

    @TempDir private Path directory;
    private Path interactions;
    private Path items;

    @BeforeEach
    void writeFiles() throws IOException {
        interactions = directory.resolve("interactions.csv");
        items = directory.resolve("items.csv");
        StringBuilder rows = new StringBuilder(HEADER);
        for (int row = 0; row < 8; row++) {
            rows.append("u,i" + row % 3 + ",purchase,," + (START + row * 1_000) + "\n");
        }
        Files.writeString(interactions, rows);
        Files.writeString(items, "item_id,title,categories\ni0,Zero,A|B\ni2,Two,\ni9,Never,\n");
    }

    @Test
    void theFirstQuarterIsHistoryAndTheRestIsLive() throws IOException {
        Feed feed = open();
        assertThat(described(feed.history())).containsExactly("item i0", "i0 0", "i1 1000");
        assertThat(described(live(feed)))
                .containsExactly(
                        "item i2", "i2 2000", "i0 3000", "i1 4000", "i2 5000", "i0 6000",
                        "i1 7000");
        assertThat(feed.liveFrom()).isEqualTo(START + 2_000);
        assertThat(feed.span()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theSpeedUpFollowsTheRateUnlessItIsGiven() throws IOException {
        assertThat(
                        CsvFeed.open(interactions, items, FreshetConfig.from(OPTIONS), null, 50)
                                .speedUp())
                .isCloseTo(50, within(1e-9));
        assertThat(
                        CsvFeed.open(interactions, items, FreshetConfig.from(OPTIONS), 7.0, 50)
                                .speedUp())
                .isEqualTo(7);
    }

    @Test
    void anItemIsAnnouncedWithTheTimeOfItsFirstRow() throws IOException {
        Feed feed = open();
        ShopRecord first = live(feed).get(0);
        assertThat(first).isInstanceOf(ShopRecord.Announcement.class);
        assertThat(first.arrival()).isEqualTo(START + 2_000);
    }

    @Test
    void aBrokenFileIsRefusedWithItsLine() throws IOException {
        Files.writeString(interactions, HEADER + "u,i0,purchase,,soon\n");
        assertThatThrownBy(() -> open())
                .hasMessageContaining("line 2")
                .hasMessageContaining("timestamp_ms");
    }

    @Test
    void aFileOfAFewRowsIsRefused() throws IOException {
        Files.writeString(interactions, HEADER + "u,i0,purchase,," + START + "\n");
        assertThatThrownBy(() -> open()).hasMessageContaining("has 1 rows, too few");
    }

    @Test
    void theNameSaysWhatToLookAt() throws IOException {
        Files.writeString(items, "item_id,title,categories\n00,Zero,\n");

        assertThat(open().name())
                .startsWith("interactions.csv and items.csv: 3 of 3 items have no catalog row");
    }

    private Feed open() throws IOException {
        return CsvFeed.open(interactions, items, FreshetConfig.from(OPTIONS), 1.0, 10);
    }

    private static List<ShopRecord> live(Feed feed) {
        List<ShopRecord> live = new ArrayList<>();
        feed.live().forEachRemaining(live::add);
        return live;
    }

    private static List<String> described(List<ShopRecord> records) {
        return records.stream().map(CsvFeedTest::described).toList();
    }

    private static String described(ShopRecord record) {
        if (record instanceof ShopRecord.Action action) {
            return action.interaction().itemId() + " " + (record.arrival() - START);
        }
        return "item " + ((ShopRecord.Announcement) record).item().itemId();
    }
}
