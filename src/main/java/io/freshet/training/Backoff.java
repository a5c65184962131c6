package io.freshet.training;

import java.time.Duration;

/** How long to leave the store alone after a failure: twice as long as the time before. */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Duration next = FIRST;

    /** The pause after one more failure. */
    Duration failed() {
        Duration pause = next;
        Duration twice = pause.multipliedBy(2);
        next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
        return pause;
    }

    void succeeded() {
        next = FIRST;
    }
}
