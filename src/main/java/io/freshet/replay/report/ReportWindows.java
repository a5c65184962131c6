package io.freshet.replay.report;

/**
 * The parts of equal size that rows are reported in; window k is of the positions from N·k/windows
 * to N·(k+1)/windows, rounded down.
 *
 * @param rows number of rows, N
 * @param count number of windows
 */
public record ReportWindows(int rows, int count) {

    /** First position of a window; for {@code window == count}, the number of rows. */
    public int start(int window) {
        return (int) ((long) rows * window / count);
    }

    /** The window that a position is in. */
    public int of(int position) {
        int window = (int) ((long) position * count / rows);
        while (position >= start(window + 1)) {
            window++;
        }
        return window;
    }
}
