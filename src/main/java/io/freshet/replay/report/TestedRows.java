package io.freshet.replay.report;

import io.freshet.config.HistoryConfig;
import io.freshet.event.Interaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which rows protocol P tests: those from N/2 on that the stride divides, that are no exposures,
 * whose user has an earlier row that is none, and, where items are consumed once, whose item the
 * user has not had.
 */
public final class TestedRows {

    private final HistoryConfig config;
    private final Map<String, Set<String>> itemsByUser = new HashMap<>();

    /**
     * @param config as the replay's job has it: it probes just these rows
     */
    public TestedRows(HistoryConfig config) {
        this.config = config;
    }

    /** Whether the next row in file order is tested. */
    public boolean isTested(Interaction row) {
        Set<String> had = itemsOf(row.userId());
        return row.offset() >= config.asking().probeFrom()
                && row.offset() % config.asking().probeStride() == 0
                && !isExposure(row)
                && !had.isEmpty()
                && !(config.consumeOnce() && had.contains(row.itemId()));
    }

    /** Adds a row to what is earlier than the next. */
    public void add(Interaction row) {
        if (!isExposure(row)) {
            itemsByUser.computeIfAbsent(row.userId(), user -> new HashSet<>()).add(row.itemId());
        }
    }

    /** Whether the user was only shown the item. */
    boolean isExposure(Interaction row) {
        return config.isExposure(row.eventType());
    }

    /** Whether a list for the user must not have the item. */
    boolean isConsumed(String user, String item) {
        return config.consumeOnce() && itemsOf(user).contains(item);
    }

    private Set<String> itemsOf(String user) {
        return itemsByUser.getOrDefault(user, Set.of());
    }
}
