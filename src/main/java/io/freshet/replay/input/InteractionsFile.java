package io.freshet.replay.input;

import io.freshet.event.Interaction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Interactions as CSV with the columns {@code user_id, item_id, event_type, rating, timestamp_ms},
 * in ascending order of time. A row's position, from 0, is its source offset (and event id); all
 * are of partition 0. The rating may be empty.
 */
public final class InteractionsFile {

    private static final List<String> COLUMNS =
            List.of("user_id", "item_id", "event_type", "rating", "timestamp_ms");
    private static final int PROBLEMS_NAMED = 10;

    private final Path path;

    public InteractionsFile(Path path) {
        this.path = path;
    }

    /** Opens the file to be read from its first row. */
    public InteractionRows open() throws IOException {
        return new InteractionRows(CsvTable.open(path, COLUMNS));
    }

    /**
     * Reads the whole file once and checks every row.
     *
     * @throws CsvFormatException if rows are broken or out of order; the message names the first
     *     ones with their number
     */
    public Timetable scan() throws IOException {
        List<String> problems = new ArrayList<>();
        Timetable.Builder timetable = new Timetable.Builder();
        int broken = 0;
        try (InteractionRows rows = open()) {
            boolean more = true;
            while (more) {
                try {
                    Interaction row = rows.next();
                    more = row != null;
                    if (row != null) {
                        timetable.add(row.itemId(), row.timestamp());
                    }
                } catch (CsvFormatException e) {
                    broken++;
                    more = e.rowsFollow();
                    if (problems.size() < PROBLEMS_NAMED) {
                        problems.add(e.getMessage());
                    }
                }
            }
        }
        if (broken > 0) {
            throw new CsvFormatException(
                    broken + " broken row(s), such as:\n  " + String.join("\n  ", problems));
        }
        return timetable.build();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
