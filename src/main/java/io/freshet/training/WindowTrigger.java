package io.freshet.training;

import java.time.Duration;

/**
 * When a window is closed: at the end of the pane that brings it to enough interactions, or else
 * when it has lasted long enough in event time. Only the data decide, never their arrival.
 */
final class WindowTrigger {

    private final long windowMillis;
    private final long paneMillis;

    /**
     * @param windowTime longest window in event time, counted from the start of its first pane
     * @param pane length of a pane
     */
    WindowTrigger(Duration windowTime, Duration pane) {
        this.windowMillis = windowTime.toMillis();
        this.paneMillis = pane.toMillis();
    }

    /** Whether the window has enough interactions. */
    boolean isFull(TrainingWindow window, int interactions) {
        return window.interactions() >= interactions;
    }

    /** The time at which the window ends however few interactions it has. */
    long deadline(TrainingWindow window) {
        long first = window.firstPaneEnd();
        long rest = Math.max(0, windowMillis - paneMillis);
        return first > Long.MAX_VALUE - rest ? Long.MAX_VALUE : first + rest;
    }
}
