package io.freshet.demo.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a demo prints where nothing can be redrawn: a line each time, and the whole picture between
 * blank lines when it has changed. It has when a version was promoted, or when everything has been
 * counted; it is due, too, when it was not shown for some time. Not thread-safe.
 */
public final class Transcript {

    private static final long MOST_MILLIS = Duration.ofSeconds(30).toMillis();

    /** Versions may come every few seconds; more pictures than this nobody reads. */
    private static final long LEAST_MILLIS = Duration.ofSeconds(15).toMillis();

    private final int width;
    private long shown;
    private int promoted;
    private boolean complete;

    /**
     * @param width longest line of the whole picture, in characters
     */
    public Transcript(int width) {
        this.width = width;
    }

    /** What to print now. */
    public List<String> next(Figures figures) {
        return isDue(figures) ? whole(figures) : List.of(Screen.line(figures));
    }

    /** The whole picture, set off by blank lines. */
    public List<String> whole(Figures figures) {
        shown = figures.elapsedMillis();
        promoted = figures.training().promoted();
        complete = figures.complete();
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(Screen.full(figures, width));
        lines.add("");
        return lines;
    }

    private boolean isDue(Figures figures) {
        long since = figures.elapsedMillis() - shown;
        return since >= MOST_MILLIS
                || (since >= LEAST_MILLIS && figures.training().promoted() > promoted)
                || (figures.complete() && !complete);
    }
}
