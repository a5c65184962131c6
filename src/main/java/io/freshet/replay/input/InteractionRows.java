package io.freshet.replay.input;

import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.IngestConfig;
import io.freshet.event.Interaction;
import io.freshet.replay.input.csv.CsvFormatException;
import io.freshet.replay.input.csv.CsvTable;
import io.freshet.replay.stream.OrderedInput;
import io.freshet.source.field.BadRecordException;
import io.freshet.source.field.FieldRules;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The rows of an interactions file from the first to the last. */
public final class InteractionRows implements OrderedInput.Cursor<Interaction> {

    private static final List<String> COLUMNS =
            List.of("user_id", "item_id", "event_type", "rating", "timestamp_ms");

    private static final int USER_ID = 0;
    private static final int ITEM_ID = 1;
    private static final int EVENT_TYPE = 2;
    private static final int RATING = 3;
    private static final int TIMESTAMP = 4;
    private static final int SOLE_PARTITION = 0;

    private final CsvTable table;
    private final SortedMap<String, Type> attributes;
    private final FieldRules rules;
    private final long now;
    private final TimeOrder order = new TimeOrder();
    private final LongSummaryStatistics refusedTimes = new LongSummaryStatistics();
    private long position;

    /**
     * Opens a file at its first row.
     *
     * @param limits those of the interactions topic; attributes have a column each
     * @param clock for the limit on timestamps ahead of it
     */
    InteractionRows(Path file, IngestConfig limits, Clock clock) throws IOException {
        this.attributes = limits.attributes().context();
        this.table = CsvTable.open(file, AttributeColumns.after(COLUMNS, attributes));
        this.rules = new FieldRules(limits);
        this.now = clock.millis();
    }

    /**
     * The next row, or null at the end.
     *
     * @throws CsvFormatException if the row is broken, or one of those read is out of order
     */
    @Override
    public @Nullable Interaction next() throws IOException {
        if (!table.next()) {
            return null;
        }
        Interaction row;
        try {
            row = row();
        } catch (BadRecordException e) {
            throw table.problem(table.line(), e.reason());
        }
        TimeOrder.Outlier outlier = order.add(row.timestamp(), table.line());
        if (outlier != null) {
            throw table.problem(outlier.line(), outlier.problem());
        }
        position++;
        return row;
    }

    /** What to do about the rows that were broken, empty for nothing more than each says. */
    String advice() {
        List<String> advice = new ArrayList<>();
        if (refusedTimes.getCount() > 0) {
            advice.add(
                    "the timestamps that are refused are from %s to %s"
                            .formatted(
                                    Instant.ofEpochMilli(refusedTimes.getMin()),
                                    Instant.ofEpochMilli(refusedTimes.getMax())));
        }
        if (order.outOfOrder() > 0) {
            advice.add(
                    ("%d out of order, to be sorted by '(zcat -f FILE | head "
                                    + "-n 1; zcat -f FILE | tail -n +2 | sort -s -t, "
                                    + "-k%d,%<dn) > SORTED'")
                            .formatted(order.outOfOrder(), table.place(TIMESTAMP)));
        }
        return String.join("; ", advice);
    }

    @Override
    public void close() throws IOException {
        table.close();
    }

    private Interaction row() throws BadRecordException, CsvFormatException {
        return new Interaction(
                Long.toString(position),
                rules.id("user_id", table.get(USER_ID)),
                itemId(),
                rules.id("event_type", table.get(EVENT_TYPE), FieldRules.DEFAULT_TYPE),
                rules.number("rating", table.get(RATING)),
                timestamp(),
                SOLE_PARTITION,
                position,
                0,
                AttributeColumns.read(table, COLUMNS.size(), attributes, rules));
    }

    private String itemId() throws BadRecordException, CsvFormatException {
        String item = rules.id("item_id", table.get(ITEM_ID));
        if (item.indexOf('|') >= 0) {
            throw table.problem(
                    table.line(),
                    "item_id: found '%s', expected an id without '|', which joins the ids of a list"
                            .formatted(item));
        }
        return item;
    }

    private long timestamp() throws BadRecordException {
        String text = table.get(TIMESTAMP);
        try {
            return rules.timestamp("timestamp_ms", text, now);
        } catch (BadRecordException e) {
            if (text.matches("-?[0-9]{1,18}")) {
                refusedTimes.accept(Long.parseLong(text));
            }
            throw e;
        }
    }
}
