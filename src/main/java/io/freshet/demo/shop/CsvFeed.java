package io.freshet.demo.shop;

import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import io.freshet.replay.input.CatalogFile;
import io.freshet.replay.input.InputChecks;
import io.freshet.replay.input.InteractionRows;
import io.freshet.replay.input.InteractionsFile;
import io.freshet.replay.input.Timetable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A shop's history from CSV files as a feed, in file order. The first quarter of the rows, or the
 * first 40,000, is history. An item is announced with its first interaction.
 */
public final class CsvFeed {

    private static final int MOST_HISTORY = 40_000;
    private static final int HISTORY_SHARE = 4;

    private CsvFeed() {}

    /**
     * @param config the job's options
     * @param speedUp shop time that passes in one unit of real time; null for as much as makes
     *     {@code rate} interactions a second, on average
     * @throws io.freshet.replay.input.csv.CsvFormatException if a file is broken, or nothing can be
     *     learned from it
     */
    public static Feed open(
            Path interactions,
            Path items,
            FreshetConfig config,
            @Nullable Double speedUp,
            double rate)
            throws IOException {
        InteractionsFile file =
                new InteractionsFile(interactions, config.ingest(), Clock.systemUTC());
        Timetable timetable = file.scan();
        if (timetable.rows() < HISTORY_SHARE) {
            throw new IOException(
                    interactions + " has " + timetable.rows() + " rows, too few for a demo");
        }
        Map<String, CatalogItem> catalog = new CatalogFile(items, config.ingest()).read();
        List<String> warnings =
                new InputChecks(file, timetable, catalog.keySet(), config).warnings();
        int past = Math.min(MOST_HISTORY, timetable.rows() / HISTORY_SHARE);
        Records records = new Records(file.open(), catalog, timetable);
        List<ShopRecord> history = new ArrayList<>();
        while (records.rows < past) {
            history.add(records.next());
        }
        long liveFrom = timetable.times()[past];
        return new Feed(
                "%s and %s%s"
                        .formatted(
                                interactions.getFileName(),
                                items.getFileName(),
                                warnings.isEmpty() ? "" : ": " + String.join("; ", warnings)),
                history,
                records,
                liveFrom,
                speedUp == null ? speedUp(timetable, past, rate) : speedUp,
                Duration.ofMillis(timetable.times()[timetable.rows() - 1] - liveFrom),
                Duration.ZERO);
    }

    private static double speedUp(Timetable timetable, int past, double rate) {
        int last = timetable.rows() - 1;
        double seconds = (timetable.times()[last] - timetable.times()[past]) / 1000.0;
        return Math.max(1, seconds / (last - past) * rate);
    }

    /** Rows, each after the announcement of its item if that is new. */
    private static final class Records implements Iterator<ShopRecord> {
        private final InteractionRows source;
        private final Map<String, CatalogItem> catalog;
        private final Timetable timetable;
        private final Deque<ShopRecord> ready = new ArrayDeque<>();
        private int rows;
        private boolean ended;

        Records(InteractionRows source, Map<String, CatalogItem> catalog, Timetable timetable) {
            this.source = source;
            this.catalog = catalog;
            this.timetable = timetable;
        }

        @Override
        public boolean hasNext() {
            read();
            return !ready.isEmpty();
        }

        @Override
        public ShopRecord next() {
            read();
            ShopRecord record = ready.poll();
            if (record == null) {
                throw new NoSuchElementException("the file has ended");
            }
            rows += record instanceof ShopRecord.Action ? 1 : 0;
            return record;
        }

        private void read() {
            if (ended || !ready.isEmpty()) {
                return;
            }
            try {
                Interaction row = source.next();
                if (row == null) {
                    ended = true;
                    source.close();
                    return;
                }
                announce(row);
                ready.add(new ShopRecord.Action(row.timestamp(), row, false));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void announce(Interaction row) {
            CatalogItem item = catalog.get(row.itemId());
            Integer debut = timetable.debuts().get(row.itemId());
            if (item != null && debut != null && debut == row.offset()) {
                long time = row.timestamp();
                ready.add(new ShopRecord.Announcement(time, item.at(time)));
            }
        }
    }
}
