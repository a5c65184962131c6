package io.freshet.training;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Native calls ignore interrupts, so long work asks between its steps whether to go on. */
final class Stopped {

    private Stopped() {}

    /**
     * @throws CancellationException if the flag is up
     */
    static void throwIf(BooleanSupplier stopped) {
        if (stopped.getAsBoolean()) {
            throw new CancellationException("Training was stopped");
        }
    }
}
