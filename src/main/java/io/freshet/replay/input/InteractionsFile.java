package io.freshet.replay.input;

import io.freshet.config.IngestConfig;
import io.freshet.event.Interaction;
import io.freshet.replay.input.csv.BrokenRows;
import io.freshet.replay.input.csv.CsvFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/**
 * Interactions as CSV with the columns {@code user_id, item_id, event_type, rating, timestamp_ms},
 * in ascending order of time, by the rules of the interactions topic. A row's position, from 0, is
 * its source offset (and event id); all are of partition 0. The event type and the rating may be
 * empty. Declared attributes have a column each, with several categories joined by {@code |}, which
 * may be empty too.
 */
public final class InteractionsFile {

    private final Path path;
    private final IngestConfig limits;
    private final Clock clock;

    /**
     * @param limits of lengths and times
     * @param clock for the limit on timestamps ahead of it
     */
    public InteractionsFile(Path path, IngestConfig limits, Clock clock) {
        this.path = path;
        this.limits = limits;
        this.clock = clock;
    }

    /** Opens the file to be read from its first row. */
    public InteractionRows open() throws IOException {
        return new InteractionRows(path, limits, clock);
    }

    /**
     * Reads the whole file once and checks every row.
     *
     * @throws CsvFormatException if rows are broken or out of order; the message names the first
     *     ones with their line
     */
    public Timetable scan() throws IOException {
        BrokenRows broken = new BrokenRows(path);
        Timetable.Builder timetable = new Timetable.Builder();
        try (InteractionRows rows = open()) {
            broken.readAll(
                    () -> {
                        Interaction row = rows.next();
                        if (row != null) {
                            timetable.add(row);
                        }
                        return row != null;
                    });
            broken.throwIfAny(rows.advice());
        }
        return timetable.build();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
