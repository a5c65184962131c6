package io.freshet.serve.topic;

import io.freshet.runtime.RecentlyUsed;
import java.util.Map;
import java.util.Optional;

/**
 * The newest list of each user, as it was read from the topic; of the users whose lists were
 * written or asked for last, if there are too many. Thread-safe.
 */
public final class NewestLists {

    private final Map<String, byte[]> lists;

    /**
     * @param most users
     */
    public NewestLists(int most) {
        this.lists = new RecentlyUsed<>(most);
    }

    public synchronized void put(String user, byte[] list) {
        lists.put(user, list);
    }

    /** Drops what is kept of a user who was forgotten. */
    public synchronized void remove(String user) {
        lists.remove(user);
    }

    public synchronized Optional<byte[]> of(String user) {
        return Optional.ofNullable(lists.get(user));
    }

    public synchronized int users() {
        return lists.size();
    }
}
