package io.freshet.replay.report;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.config.HistoryConfig;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** A replay's options, as far as they say which rows are tested. */
final class TestingRows {

    /** Event type of what a user was only shown. */
    static final String EXPOSURE = "impression";

    private TestingRows() {}

    static HistoryConfig config(int half, int stride, boolean excludeSeen) {
        return FreshetConfig.from(
                        new Configuration()
                                .set(HistoryConfig.PROBE_FROM, (long) half)
                                .set(HistoryConfig.PROBE_STRIDE, stride)
                                .set(HistoryConfig.CONSUME_ONCE, excludeSeen)
                                .set(FeedbackConfig.EXPOSURE_TYPES, List.of(EXPOSURE)))
                .history();
    }
}
