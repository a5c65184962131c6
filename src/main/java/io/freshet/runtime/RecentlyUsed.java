package io.freshet.runtime;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map that keeps the entries that were put or got last. Not thread-safe.
 *
 * @param <K> type of its keys
 * @param <V> type of its values
 */
public final class RecentlyUsed<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1;
    private static final float LOAD = 0.75f;
    private static final int FIRST_CAPACITY = 16;

    private final int most;

    /**
     * @param most entries that are kept
     */
    public RecentlyUsed(int most) {
        super(FIRST_CAPACITY, LOAD, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
