package io.freshet.training;

import java.time.Duration;

/**
 * The attempts at work that needs the model store. While the next one is waited for, the work can
 * be given up. The task thread alone knows of them.
 */
final class Attempts {

    private final Backoff backoff = new Backoff();
    private boolean waiting;

    /** Enters that an attempt has failed; returns how long the next is waited for. */
    Duration failed() {
        waiting = true;
        return backoff.failed();
    }

    /** Ends the wait for the next attempt; returns whether it is to be made. */
    boolean next() {
        boolean made = waiting;
        waiting = false;
        return made;
    }

    /**
     * Gives the work up, unless an attempt at it is running.
     *
     * @return whether it is given up; if not, its result still comes
     */
    boolean giveUp() {
        return next();
    }
}
