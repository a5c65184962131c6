package io.freshet.history;

import io.freshet.config.HistoryConfig;
import io.freshet.event.ItemHash;
import io.freshet.event.Removal;
import io.freshet.event.Removal.Place;
import io.freshet.runtime.state.CachedState;
import io.freshet.runtime.state.StateCaches;
import io.freshet.runtime.state.StateTtl;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of the current user, in states that are written apart, because they change
 * apart. What no option asks for is not read.
 */
final class UserStates {

    private static final long[] NOTHING = {};

    private final HistoryConfig config;
    private final CachedState<HistoryState> histories;
    private final CachedState<long[]> seenItems;
    private final CachedState<ExposureState> exposures;
    private final CachedState<RejectionState> rejections;
    private final CachedState<Long> forgottenUntil;

    UserStates(HistoryConfig config, RuntimeContext context, StateCaches caches) {
        this.config = config;
        Duration ttl = config.ttl();
        Opening opening = new Opening(context, caches);
        histories = opening.of("history", TypeInformation.of(HistoryState.class), ttl);
        seenItems = opening.of("seen", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO, ttl);
        exposures = opening.of("exposures", TypeInformation.of(ExposureState.class), ttl);
        rejections = opening.of("rejections", TypeInformation.of(RejectionState.class), ttl);
        forgottenUntil = opening.of("forgotten", Types.LONG, config.forgottenTtl());
    }

    private record Opening(RuntimeContext context, StateCaches caches) {

        <T> CachedState<T> of(String name, TypeInformation<T> type, Duration ttl) {
            return caches.of(context.getState(StateTtl.value(name, type, ttl)));
        }
    }

    /** The user's interactions, null for a user without. */
    @Nullable HistoryState found() throws Exception {
        return histories.value();
    }

    /** The user's interactions. */
    HistoryState history() throws Exception {
        return orElse(histories.value(), new HistoryState());
    }

    void update(HistoryState user) throws Exception {
        histories.update(user);
    }

    /** What the user was shown, if there are exposures at all. */
    ExposureState exposures() throws Exception {
        return config.feedback().hasExposures()
                ? orElse(exposures.value(), new ExposureState())
                : new ExposureState();
    }

    void update(ExposureState user) throws Exception {
        exposures.update(user);
    }

    /** What the user rejected, if there are rejections at all. */
    RejectionState rejections() throws Exception {
        return config.feedback().hasNegatives()
                ? orElse(rejections.value(), new RejectionState())
                : new RejectionState();
    }

    void update(RejectionState user) throws Exception {
        rejections.update(user);
    }

    /**
     * Ascending hashes of the user's items, if items are consumed once. If the newest is not among
     * them, the user has a history of a time before the option was switched on, which is added.
     */
    long[] seen(HistoryState user) throws Exception {
        if (!config.consumeOnce()) {
            return NOTHING;
        }
        long[] seen = orElse(seenItems.value(), NOTHING);
        int last = user.items.length - 1;
        if (last >= 0 && !HashSets.containsSorted(seen, ItemHash.of(user.items[last]))) {
            for (String item : user.items) {
                seen = HashSets.addSorted(seen, ItemHash.of(item));
            }
        }
        return seen;
    }

    /** Adds an item to the seen ones, if items are consumed once. */
    void addSeen(long[] seen, String item) throws Exception {
        if (config.consumeOnce()) {
            seenItems.update(HashSets.addSorted(seen, ItemHash.of(item)));
        }
    }

    /** Whether the user was forgotten at that time or later. */
    boolean isForgotten(long timestamp) throws Exception {
        Long until = forgottenUntil.value();
        return until != null && timestamp <= until;
    }

    /** What there is of the user, whatever the options are now. */
    List<Removal> contents(long now) throws Exception {
        return List.of(
                new Removal(Place.HISTORY, history().items.length, now),
                new Removal(Place.SEEN_ITEMS, orElse(seenItems.value(), NOTHING).length, now),
                new Removal(
                        Place.EXPOSURES,
                        orElse(exposures.value(), new ExposureState()).items.length,
                        now),
                new Removal(
                        Place.REJECTIONS,
                        orElse(rejections.value(), new RejectionState()).items.length,
                        now));
    }

    /**
     * Removes all of the user but a mark.
     *
     * @param timestamp event time up to which the user is forgotten at least, milliseconds
     * @return the mark: that time, or that of the newest that was removed
     */
    long forget(long timestamp) throws Exception {
        long until = Math.max(timestamp, newest(history().timestamps));
        until = Math.max(until, newest(orElse(exposures.value(), new ExposureState()).timestamps));
        until =
                Math.max(
                        until, newest(orElse(rejections.value(), new RejectionState()).timestamps));
        histories.clear();
        seenItems.clear();
        exposures.clear();
        rejections.clear();
        forgottenUntil.update(until);
        return until;
    }

    private static long newest(long[] ascending) {
        return ascending.length == 0 ? Long.MIN_VALUE : ascending[ascending.length - 1];
    }

    private static <T> T orElse(@Nullable T found, T otherwise) {
        return found == null ? otherwise : found;
    }
}
