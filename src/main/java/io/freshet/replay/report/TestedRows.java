package io.freshet.replay.report;

import io.freshet.config.FeedbackConfig.Kind;
import io.freshet.config.FeedbackConfig.Role;
import io.freshet.config.HistoryConfig;
import io.freshet.event.Interaction;
import io.freshet.replay.input.ProtocolRows;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which rows protocol P tests: those from N/2 on that the stride divides, by which users choose, or
 * of the types that are to be tested, whose user has an earlier row of history, and, where items
 * are consumed once, whose item the user has not had. Exposures, rejections and ignored rows are no
 * history.
 */
public final class TestedRows {

    private final HistoryConfig config;
    private final ProtocolRows protocol;
    private final Map<String, Set<String>> itemsByUser = new HashMap<>();

    /**
     * @param config as the replay's job has it: it probes just these rows
     */
    public TestedRows(HistoryConfig config, ProtocolRows protocol) {
        this.config = config;
        this.protocol = protocol;
    }

    /** Whether the next row in file order is tested. */
    public boolean isTested(Interaction row) {
        Set<String> had = itemsOf(row.userId());
        return row.offset() >= config.asking().probeFrom()
                && row.offset() % config.asking().probeStride() == 0
                && isTarget(row)
                && !had.isEmpty()
                && !(config.consumeOnce() && had.contains(row.itemId()));
    }

    /** Adds a row to what is earlier than the next. */
    public void add(Interaction row) {
        if (isHistory(row)) {
            itemsByUser.computeIfAbsent(row.userId(), user -> new HashSet<>()).add(row.itemId());
        }
    }

    /** Whether the row is part of its user's history. */
    boolean isHistory(Interaction row) {
        return role(row).isPosition() && !protocol.ignores(row);
    }

    /** Whether the row makes its item known. */
    boolean makesKnown(Interaction row) {
        return !protocol.ignores(row);
    }

    /** Whether a list for the user must not have the item. */
    boolean isConsumed(String user, String item) {
        return config.consumeOnce() && itemsOf(user).contains(item);
    }

    private boolean isTarget(Interaction row) {
        return isHistory(row)
                && (protocol.targets().isEmpty()
                        ? role(row).kind() == Kind.TARGET
                        : protocol.targets().contains(row.eventType()));
    }

    private Role role(Interaction row) {
        return config.feedback().roleOf(row.eventType(), row.rating());
    }

    private Set<String> itemsOf(String user) {
        return itemsByUser.getOrDefault(user, Set.of());
    }
}
