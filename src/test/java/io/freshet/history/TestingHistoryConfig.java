package io.freshet.history;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.config.ResponseConfig;
import io.freshet.config.TestingFeedback;
import java.time.Duration;
import java.util.List;

/**
 * Configurations with a history of 3 items, panes of 100 ms, 5 remembered events, impressions as
 * exposures, looks as context, tries that count little, and returns and ratings below 2 as
 * rejections.
 */
final class TestingHistoryConfig {

    static final Duration PANE = Duration.ofMillis(100);
    static final Duration TTL = Duration.ofDays(1);
    static final Duration FORGOTTEN_TTL = Duration.ofHours(1);
    static final int LENGTH = 3;
    static final int REMEMBERED_EVENTS = 5;
    static final String IMPRESSION = "impression";
    static final String RETURN = "return";
    static final String LOOK = "look";
    static final String TRY = "try";
    static final float TRY_WEIGHT = 0.25f;

    private static final FeedbackConfig FEEDBACK =
            TestingFeedback.of(
                    "exposure-types",
                    IMPRESSION,
                    "negative-types",
                    RETURN,
                    "weights",
                    LOOK + ":0," + TRY + ":" + TRY_WEIGHT,
                    "negative-below",
                    "2",
                    "context-below",
                    "3");

    private TestingHistoryConfig() {}

    /** No requests and no probes. */
    static HistoryConfig quiet() {
        return config(Duration.ZERO, false, false, 0, 0);
    }

    static HistoryConfig serving(Duration debounce) {
        return config(debounce, false, true, 0, 0);
    }

    static HistoryConfig probing(int stride, long from, String... types) {
        return config(Duration.ZERO, false, false, stride, from, types);
    }

    /** Every interaction is probed and makes a request. */
    static HistoryConfig servingAndProbing() {
        return config(Duration.ZERO, false, true, 1, 0);
    }

    /** Items are consumed once; every interaction is probed and makes a request. */
    static HistoryConfig consumingOnce() {
        return config(Duration.ZERO, true, true, 1, 0);
    }

    private static HistoryConfig config(
            Duration debounce,
            boolean consumeOnce,
            boolean serve,
            int stride,
            long from,
            String... probeTypes) {
        return new HistoryConfig(
                LENGTH,
                PANE,
                TTL,
                FORGOTTEN_TTL,
                REMEMBERED_EVENTS,
                consumeOnce,
                FEEDBACK,
                new ResponseConfig(List.of(), Duration.ofMillis(4)),
                new HistoryConfig.Asking(debounce, serve, stride, from, List.of(probeTypes)));
    }
}
