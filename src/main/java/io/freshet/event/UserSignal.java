package io.freshet.event;

import io.freshet.event.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * What reaches a user's history besides interactions; exactly one component is set.
 *
 * @param control an instruction about the user
 * @param query asks for a list
 */
public record UserSignal(@Nullable Control control, @Nullable Query query) {

    public static UserSignal of(Control control) {
        return new UserSignal(control, null);
    }

    public static UserSignal of(Query query) {
        return new UserSignal(null, query);
    }

    /** The user; of a query without one, an identity of its own. */
    public String key() {
        return query != null ? query.key() : control != null ? control.userId() : "";
    }
}
