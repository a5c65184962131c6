package io.freshet.store;

import java.io.IOException;

/** A model version that is missing, foreign or damaged; the message names what was found. */
public final class StoreException extends IOException {

    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
