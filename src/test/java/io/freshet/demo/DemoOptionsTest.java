package io.freshet.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FeedbackConfig.Kind;
import io.freshet.config.FreshetConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.demo.shop.Feed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoOptionsTest {

    private static final double SPEED_UP = 3_600;
    private static final Feed FEED = feed(SPEED_UP, Feed.ENDLESS);

    @Test
    void panesAndWindowsAreSecondsOfRealTime() {
        FreshetConfig config = config(true, new Configuration());
        assertThat(config.history().pane()).isEqualTo(Duration.ofHours(1));
        assertThat(config.training().window().time()).isEqualTo(Duration.ofHours(15));
        assertThat(config.ingest().maxDisorder()).isEqualTo(Duration.ofMinutes(3));
        assertThat(config.training().frozenBaseline()).isTrue();
        assertThat(config.history().asking().probeFrom()).isEqualTo(77);
    }

    @Test
    void theGeneratedShopIsLearnedFasterThanARealOne() {
        TrainingConfig usual = FreshetConfig.from(new Configuration()).training();
        assertThat(config(false, new Configuration()).training().optimizer().headRate())
                .isEqualTo(usual.optimizer().headRate());
        assertThat(config(true, new Configuration()).training().optimizer().headRate())
                .isGreaterThan(usual.optimizer().headRate());
    }

    @Test
    void theGeneratedShopsFeedbackIsReadAsItIsMeant() {
        FreshetConfig config = config(true, new Configuration());

        assertThat(config.history().feedback().roleOf("hide", Float.NaN).kind())
                .isEqualTo(Kind.NEGATIVE);
        assertThat(config.history().feedback().roleOf("return", Float.NaN).kind())
                .isEqualTo(Kind.NEGATIVE);
        assertThat(config.history().feedback().roleOf("view", Float.NaN).weight())
                .isBetween(0.1f, 0.9f);
        assertThat(config.ingest().attributes().items()).containsOnlyKeys("brand", "price");
        assertThat(config(false, new Configuration()).history().feedback().hasNegatives())
                .isFalse();
    }

    @Test
    void theUsersOptionsWin() {
        Configuration own = new Configuration();
        own.setString("history.pane", "7s");
        own.setString("training.head-rate", "0.5");
        FreshetConfig config = config(true, own);
        assertThat(config.history().pane()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.training().optimizer().headRate()).isEqualTo(0.5f);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 1, 1_000, 1e6, 1e9, 1e300})
    void aFileHasPanesAndWindowsEnoughToTrainOnHoweverFastItIsSent(double speedUp) {
        Duration year = Duration.ofDays(365);
        FreshetConfig config = config(feed(speedUp, year), false, new Configuration());
        assertThat(config.history().pane()).isBetween(Duration.ofMillis(10), year.dividedBy(60));
        assertThat(config.training().window().time())
                .isBetween(config.history().pane(), year.dividedBy(4));
    }

    @Test
    void aFileOfOneMomentHasAPaneAsWell() {
        FreshetConfig config = config(feed(1e6, Duration.ZERO), false, new Configuration());
        assertThat(config.history().pane()).isEqualTo(Duration.ofMillis(10));
    }

    private static FreshetConfig config(boolean generated, Configuration own) {
        return config(FEED, generated, own);
    }

    private static FreshetConfig config(Feed feed, boolean generated, Configuration own) {
        return FreshetConfig.from(
                DemoOptions.of(feed, generated, "broker:1", Path.of("/tmp/models"), 77, own));
    }

    private static Feed feed(double speedUp, Duration span) {
        return new Feed(
                "test",
                List.of(),
                Collections.emptyIterator(),
                0,
                speedUp,
                span,
                Duration.ofMinutes(3));
    }
}
