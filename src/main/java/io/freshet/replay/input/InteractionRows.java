package io.freshet.replay.input;

import io.freshet.event.Interaction;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of an interactions file from the first to the last. */
public final class InteractionRows implements OrderedInput.Cursor<Interaction> {

    private static final int USER_ID = 0;
    private static final int ITEM_ID = 1;
    private static final int EVENT_TYPE = 2;
    private static final int RATING = 3;
    private static final int TIMESTAMP = 4;
    private static final int SOLE_PARTITION = 0;
    private static final long LATEST = 253_402_300_799_999L;

    private final CsvTable table;
    private long position;
    private long previous;

    InteractionRows(CsvTable table) {
        this.table = table;
    }

    /**
     * The next row, or null at the end.
     *
     * @throws CsvFormatException if the row is broken
     */
    @Override
    public @Nullable Interaction next() throws IOException {
        if (!table.next()) {
            return null;
        }
        Interaction row =
                new Interaction(
                        Long.toString(position),
                        table.require(USER_ID),
                        itemId(),
                        table.get(EVENT_TYPE),
                        rating(),
                        timestamp(),
                        SOLE_PARTITION,
                        position);
        previous = row.timestamp();
        position++;
        return row;
    }

    @Override
    public void close() throws IOException {
        table.close();
    }

    private String itemId() throws CsvFormatException {
        String item = table.require(ITEM_ID);
        if (item.indexOf('|') >= 0) {
            throw table.wrong(ITEM_ID, item, "an id without '|', which joins the ids of a list");
        }
        return item;
    }

    private float rating() throws CsvFormatException {
        String text = table.get(RATING);
        if (text.isBlank()) {
            return Float.NaN;
        }
        float rating = parseFloat(text);
        if (!Float.isFinite(rating)) {
            throw table.wrong(RATING, text, "a finite number, or nothing");
        }
        return rating;
    }

    private long timestamp() throws CsvFormatException {
        String text = table.get(TIMESTAMP);
        long timestamp = parseLong(text);
        if (timestamp < 0 || timestamp > LATEST) {
            throw table.wrong(
                    TIMESTAMP, text, "milliseconds since the epoch, before the year 10000");
        }
        if (timestamp < previous) {
            throw table.wrong(
                    TIMESTAMP, text, "at least " + previous + ", for rows are sorted by time");
        }
        return timestamp;
    }

    private static float parseFloat(String text) {
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }

    private static long parseLong(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
