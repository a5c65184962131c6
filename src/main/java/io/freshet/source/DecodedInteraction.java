package io.freshet.source;

import io.freshet.event.DeadLetter;
import io.freshet.event.Interaction;
import org.jspecify.annotations.Nullable;

/**
 * What became of a record of the interactions topic; one component is set.
 *
 * @param event the event, null when the record could not be understood
 * @param deadLetter the refused record with its reason, null when there is an event
 */
public record DecodedInteraction(@Nullable Interaction event, @Nullable DeadLetter deadLetter)
        implements Decoded<Interaction> {

    static DecodedInteraction of(Interaction event) {
        return new DecodedInteraction(event, null);
    }

    static DecodedInteraction of(DeadLetter deadLetter) {
        return new DecodedInteraction(null, deadLetter);
    }

    @Override
    public long timestampOr(long other) {
        return event == null ? other : event.timestamp();
    }
}
