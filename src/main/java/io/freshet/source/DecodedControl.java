package io.freshet.source;

import io.freshet.event.Control;
import io.freshet.event.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * What became of a record of the controls topic; one component is set.
 *
 * @param event the event, null when the record could not be understood
 * @param deadLetter the refused record with its reason, null when there is an event
 */
public record DecodedControl(@Nullable Control event, @Nullable DeadLetter deadLetter)
        implements Decoded<Control> {

    static DecodedControl of(Control event) {
        return new DecodedControl(event, null);
    }

    static DecodedControl of(DeadLetter deadLetter) {
        return new DecodedControl(null, deadLetter);
    }

    @Override
    public long timestampOr(long other) {
        return event == null ? other : event.timestamp();
    }
}
