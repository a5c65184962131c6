package io.freshet.event;

import org.jspecify.annotations.Nullable;

/**
 * An input of the response model; exactly one component is set. One flat record, because what a
 * user does and the control that forgets the user must stay in order on one edge.
 *
 * @param exposure an item was shown
 * @param response a user responded to what was shown
 * @param control forgets a user
 */
public record ResponseSignal(
        @Nullable Interaction exposure, @Nullable Interaction response, @Nullable Control control) {

    public static ResponseSignal exposure(Interaction exposure) {
        return new ResponseSignal(exposure, null, null);
    }

    public static ResponseSignal response(Interaction response) {
        return new ResponseSignal(null, response, null);
    }

    public static ResponseSignal of(Control control) {
        return new ResponseSignal(null, null, control);
    }

    /** The user whom it is about. */
    public String userId() {
        if (control != null) {
            return control.userId();
        }
        return exposure != null ? exposure.userId() : response == null ? "" : response.userId();
    }
}
