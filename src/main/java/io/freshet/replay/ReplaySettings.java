package io.freshet.replay;

import io.freshet.replay.input.ProtocolRows;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What is replayed, and how.
 *
 * @param interactions interactions file
 * @param items catalog file
 * @param users users file; null for none
 * @param output directory that everything is written to
 * @param excludeSeen whether an item is consumed once
 * @param rows which rows are tested, and which ignored
 * @param stride every how many positions one is tested
 * @param windows number of report windows
 * @param options the job's options
 */
public record ReplaySettings(
        Path interactions,
        Path items,
        @Nullable Path users,
        Path output,
        boolean excludeSeen,
        ProtocolRows rows,
        int stride,
        int windows,
        Configuration options) {

    private static final int MOST_WINDOWS = 1000;

    public ReplaySettings {
        if (stride < 1) {
            throw new IllegalArgumentException("stride: found " + stride + ", expected 1 or more");
        }
        if (windows < 1 || windows > MOST_WINDOWS) {
            throw new IllegalArgumentException(
                    "windows: found %d, expected 1 to %d, for each has a line in the report"
                            .formatted(windows, MOST_WINDOWS));
        }
    }

    /** These settings with another output and other options of the job. */
    public ReplaySettings with(Path otherOutput, Configuration otherOptions) {
        return new ReplaySettings(
                interactions,
                items,
                users,
                otherOutput,
                excludeSeen,
                rows,
                stride,
                windows,
                otherOptions);
    }
}
