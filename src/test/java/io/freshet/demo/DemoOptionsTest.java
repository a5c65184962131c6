package io.freshet.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.demo.shop.Feed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {

    private static final double SPEED_UP = 3_600;
    private static final Feed FEED =
            new Feed(
                    "test",
                    List.of(),
                    Collections.emptyIterator(),
                    0,
                    SPEED_UP,
                    Duration.ofMinutes(3));

    @Test
    void panesAndWindowsAreSecondsOfRealTime() {
        FreshetConfig config = config(true, new Configuration());
        assertThat(config.history().pane()).isEqualTo(Duration.ofHours(1));
        assertThat(config.training().windowTime()).isEqualTo(Duration.ofHours(15));
        assertThat(config.ingest().maxDisorder()).isEqualTo(Duration.ofMinutes(3));
        assertThat(config.training().frozenBaseline()).isTrue();
        assertThat(config.history().probeFrom()).isEqualTo(77);
    }

    @Test
    void theGeneratedShopIsLearnedFasterThanARealOne() {
        TrainingConfig usual = FreshetConfig.from(new Configuration()).training();
        assertThat(config(false, new Configuration()).training().headRate())
                .isEqualTo(usual.headRate());
        assertThat(config(true, new Configuration()).training().headRate())
                .isGreaterThan(usual.headRate());
    }

    @Test
    void theUsersOptionsWin() {
        Configuration own = new Configuration();
        own.setString("history.pane", "7s");
        own.setString("training.head-rate", "0.5");
        FreshetConfig config = config(true, own);
        assertThat(config.history().pane()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.training().headRate()).isEqualTo(0.5f);
    }

    private static FreshetConfig config(boolean generated, Configuration own) {
        return FreshetConfig.from(
                DemoOptions.of(FEED, generated, "broker:1", Path.of("/tmp/models"), 77, own));
    }
}
