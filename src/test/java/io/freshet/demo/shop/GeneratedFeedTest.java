package io.freshet.demo.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GeneratedFeedTest {

    private static final ShopSettings SETTINGS = ShopSettings.of(5);
    private static final Duration HISTORY = Duration.ofDays(2);

    private final Feed feed = GeneratedFeed.of(SETTINGS, HISTORY, 200);

    @Test
    void historyEndsWhereTheLiveRecordsBegin() {
        assertThat(feed.history()).allMatch(record -> record.arrival() < feed.liveFrom());
        assertThat(feed.live().next().arrival()).isGreaterThanOrEqualTo(feed.liveFrom());
        assertThat(feed.liveFrom()).isEqualTo(SETTINGS.start().plus(HISTORY).toEpochMilli());
    }

    @Test
    void theSpeedUpGivesTheRateWanted() {
        double liveMillis = Duration.ofDays(7).toMillis() / feed.speedUp();
        int sales = 0;
        while (true) {
            ShopRecord record = feed.live().next();
            if (record.arrival() >= feed.liveFrom() + Duration.ofDays(7).toMillis()) {
                break;
            }
            sales += record instanceof ShopRecord.Action ? 1 : 0;
        }
        assertThat(sales / (liveMillis / 1000)).isCloseTo(200, within(10.0));
    }
}
