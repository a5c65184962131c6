package io.freshet.replay.input;

import io.freshet.config.FeedbackConfig.Kind;
import io.freshet.config.FeedbackConfig.Role;
import io.freshet.config.HistoryConfig;
import io.freshet.event.Interaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gathers rows by user, to make a base model of them. */
public final class UserHistories {

    private final HistoryConfig config;
    private final SortedMap<String, List<Interaction>> rowsByUser = new TreeMap<>();
    private final Set<String> items = new HashSet<>();

    /**
     * @param config defines which rows are exposures, which train nothing
     */
    public UserHistories(HistoryConfig config) {
        this.config = config;
    }

    /** Adds the next row in order of time. */
    public void add(Interaction row) {
        Role role = config.feedback().roleOf(row.eventType(), row.rating());
        if (role.kind() == Kind.EXPOSURE) {
            return;
        }
        rowsByUser.computeIfAbsent(row.userId(), user -> new ArrayList<>()).add(row);
        if (role.isPosition()) {
            items.add(row.itemId());
        }
    }

    /** Each user's rows in order of time, rejections among them, by user id. */
    public SortedMap<String, List<Interaction>> byUser() {
        return rowsByUser;
    }

    /** Those of some things by item that are of the items chosen, in the order they come in. */
    public <T> List<T> chosen(Map<String, T> byItem) {
        return byItem.entrySet().stream()
                .filter(entry -> items.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }
}
