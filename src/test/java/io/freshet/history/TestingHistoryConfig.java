package io.freshet.history;

import io.freshet.config.HistoryConfig;
import java.time.Duration;
import java.util.List;

/**
 * Configurations with a history of 3 items, panes of 100 ms, 5 remembered events and impressions as
 * exposures.
 */
final class TestingHistoryConfig {

    static final Duration PANE = Duration.ofMillis(100);
    static final Duration TTL = Duration.ofDays(1);
    static final Duration FORGOTTEN_TTL = Duration.ofHours(1);
    static final int LENGTH = 3;
    static final int REMEMBERED_EVENTS = 5;
    static final String IMPRESSION = "impression";

    private TestingHistoryConfig() {}

    /** No requests and no probes. */
    static HistoryConfig quiet() {
        return config(Duration.ZERO, false, false, 0, 0);
    }

    static HistoryConfig serving(Duration debounce) {
        return config(debounce, false, true, 0, 0);
    }

    static HistoryConfig probing(int stride, long from) {
        return config(Duration.ZERO, false, false, stride, from);
    }

    /** Items are consumed once; every interaction is probed and makes a request. */
    static HistoryConfig consumingOnce() {
        return config(Duration.ZERO, true, true, 1, 0);
    }

    private static HistoryConfig config(
            Duration debounce, boolean consumeOnce, boolean serve, int stride, long from) {
        return new HistoryConfig(
                LENGTH,
                PANE,
                TTL,
                FORGOTTEN_TTL,
                REMEMBERED_EVENTS,
                consumeOnce,
                List.of(IMPRESSION),
                new HistoryConfig.Asking(debounce, serve, stride, from));
    }
}
