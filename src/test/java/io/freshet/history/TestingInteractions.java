package io.freshet.history;

import io.freshet.event.Interaction;
import java.util.List;

/** Interactions whose event id and offset are one number. */
final class TestingInteractions {

    static final String USER = "ann";

    private TestingInteractions() {}

    static Interaction interaction(String item, long timestamp, long offset) {
        return interaction(USER, item, timestamp, offset);
    }

    static Interaction interaction(String user, String item, long timestamp, long offset) {
        return new Interaction(
                "event-" + offset,
                user,
                item,
                "view",
                Float.NaN,
                timestamp,
                0,
                offset,
                arrival(offset),
                List.of());
    }

    /** When the interaction of an offset arrived. */
    static long arrival(long offset) {
        return 1_000_000 + offset;
    }

    static Interaction rated(String item, float rating, long timestamp, long offset) {
        return new Interaction(
                "event-" + offset, USER, item, "rating", rating, timestamp, 0, offset);
    }
}
