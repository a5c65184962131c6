package io.freshet.response;

import io.freshet.event.Attribute;
import io.freshet.event.Profile;
import io.freshet.runtime.state.CachedState;
import io.freshet.runtime.state.StateCaches;
import io.freshet.runtime.state.StateTtl;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;

/**
 * What is kept under keys: of users, of items, and of each value of an attribute. Each call names
 * its key, which is the current one afterwards.
 */
final class ResponseStates implements ResponseModel.Rates {

    private final KeyContext keys;
    private final StateCaches caches;
    private final CachedState<UserExposures> exposures;
    private final CachedState<Profile> profiles;
    private final CachedState<ResponseRate> rates;

    /**
     * @param ttl time after which what does not change is dropped
     * @param cachedKeys most keys that are cached of each state
     */
    ResponseStates(RuntimeContext context, KeyContext keys, Duration ttl, int cachedKeys) {
        this.keys = keys;
        caches = new StateCaches(keys, cachedKeys);
        Opening opening = new Opening(context, caches, ttl);
        exposures = opening.of("exposures", UserExposures.class);
        profiles = opening.of("profile", Profile.class);
        rates = opening.of("rate", ResponseRate.class);
    }

    private record Opening(RuntimeContext context, StateCaches caches, Duration ttl) {

        <T> CachedState<T> of(String name, Class<T> type) {
            return caches.of(context.getState(StateTtl.value(name, TypeInformation.of(type), ttl)));
        }
    }

    UserExposures exposures(String key) throws Exception {
        keys.setCurrentKey(key);
        UserExposures found = exposures.value();
        return found == null ? new UserExposures() : found;
    }

    void put(String key, UserExposures user) throws Exception {
        keys.setCurrentKey(key);
        exposures.update(user);
    }

    /** What is known of an item or a user. */
    List<Attribute> profile(String key) throws Exception {
        keys.setCurrentKey(key);
        Profile profile = profiles.value();
        return profile == null ? List.of() : profile.attributes();
    }

    void put(String key, Profile profile) throws Exception {
        keys.setCurrentKey(key);
        if (profile.attributes().isEmpty()) {
            profiles.clear();
        } else {
            profiles.update(profile);
        }
    }

    @Override
    public @Nullable ResponseRate get(String key) throws Exception {
        keys.setCurrentKey(key);
        return rates.value();
    }

    @Override
    public void put(String key, ResponseRate rate) throws Exception {
        keys.setCurrentKey(key);
        rates.update(rate);
    }

    /**
     * Removes all that is kept under a key.
     *
     * @return how much it was: exposures that waited, attributes, and a rate
     */
    int forget(String key) throws Exception {
        int removed = exposures(key).pending.length + profile(key).size();
        removed += rates.value() == null ? 0 : 1;
        exposures.clear();
        profiles.clear();
        rates.clear();
        return removed;
    }

    void writeBack() throws Exception {
        caches.writeBack();
    }
}
