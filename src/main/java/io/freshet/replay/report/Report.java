package io.freshet.replay.report;

import java.util.List;
import java.util.Map;

/**
 * A replay, summed up.
 *
 * @param settings what was replayed and how, by name, in the order to be shown in
 * @param protocol "kept", or how protocol P was broken
 * @param seconds wall-clock seconds by phase, in the order of the phases
 * @param windows report windows, from the first with a position that may be tested
 * @param all all rows that may be tested
 */
public record Report(
        Map<String, String> settings,
        String protocol,
        Map<String, Double> seconds,
        List<Stretch> windows,
        Stretch all) {

    /** The phase that makes the base model, among {@code seconds}. */
    public static final String BASE_MODEL = "base model";

    /** The phase that sends all rows through the job, among {@code seconds}. */
    public static final String REPLAY = "replay";

    /** Value of {@code protocol} when nothing broke it. */
    public static final String KEPT = "kept";

    /** Whether every tested position has a prediction that protocol P accepts. */
    public boolean keepsProtocol() {
        return protocol.equals(KEPT);
    }
}
