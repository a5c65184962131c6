package io.freshet.training.learn;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Ends long work between its steps: native calls ignore interrupts. */
final class Cancellation {

    private Cancellation() {}

    /**
     * @throws CancellationException if {@code stopped} is true
     */
    public static void throwIf(BooleanSupplier stopped) {
        if (stopped.getAsBoolean()) {
            throw new CancellationException("Training was stopped");
        }
    }
}
