package io.freshet.replay.input;

import io.freshet.config.IngestConfig;
import io.freshet.event.CatalogItem;
import io.freshet.replay.stream.OrderedInput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Iterator;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/**
 * The items of a catalog file as they enter the stream of an interactions file ({@link
 * CatalogFile#entries}). Watermarks are far apart, so that an encoder finds batches between them.
 */
public final class CatalogInput implements OrderedInput<CatalogItem> {

    private static final long serialVersionUID = 1L;
    private static final int WATERMARK_DISTANCE = 32;

    private final String items;
    private final String interactions;
    private final IngestConfig limits;

    public CatalogInput(Path items, Path interactions, IngestConfig limits) {
        this.items = items.toString();
        this.interactions = interactions.toString();
        this.limits = limits;
    }

    @Override
    public Cursor<CatalogItem> open() throws IOException {
        Timetable timetable =
                new InteractionsFile(Path.of(interactions), limits, Clock.systemUTC()).scan();
        return new Entries(new CatalogFile(Path.of(items), limits).entries(timetable).iterator());
    }

    @Override
    public long timestamp(CatalogItem item) {
        return item.timestamp();
    }

    @Override
    public int watermarkDistance() {
        return WATERMARK_DISTANCE;
    }

    @Override
    public TypeInformation<CatalogItem> type() {
        return TypeInformation.of(CatalogItem.class);
    }

    private record Entries(Iterator<CatalogItem> items) implements Cursor<CatalogItem> {

        @Override
        public @Nullable CatalogItem next() {
            return items.hasNext() ? items.next() : null;
        }

        @Override
        public void close() {}
    }
}
