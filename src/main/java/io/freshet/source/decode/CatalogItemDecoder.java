package io.freshet.source.decode;

import io.freshet.config.AttributesConfig;
import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.IngestConfig;
import io.freshet.event.CatalogItem;
import io.freshet.source.field.BadRecordException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Records of the items topic ({@code items.schema.json}).
 *
 * <p>The topic may be compacted, so a record without a value (a tombstone) withdraws the item that
 * its key names, in UTF-8: it becomes an item that is not available, at the broker's record time. A
 * tombstone without a key names nothing and is a dead letter. Keys of other records are not read.
 */
public final class CatalogItemDecoder implements RecordDecoder<Decoded.OfItem> {

    private final Map<String, Integer> modalities;
    private final SortedMap<String, Type> attributes;
    private final RecordParser parser;
    private final Clock clock;

    /**
     * @param limits of sizes, lengths and times, with the attributes that are declared
     * @param modalities width that vectors of a name must have; others may have any
     * @param clock for the limit on timestamps ahead of it
     */
    public CatalogItemDecoder(IngestConfig limits, Map<String, Integer> modalities, Clock clock) {
        this.modalities = modalities;
        this.attributes = limits.attributes().items();
        this.parser = new RecordParser(limits, AttributesConfig.ITEM_FIELDS, attributes.keySet());
        this.clock = clock;
    }

    @Override
    public Decoded.OfItem decode(RawRecord source) {
        try {
            CatalogItem item =
                    source.value() == null ? withdrawn(source) : item(parser.parse(source));
            return new Decoded.OfItem(item, null);
        } catch (BadRecordException e) {
            return new Decoded.OfItem(null, parser.deadLetter(source, e));
        }
    }

    private CatalogItem item(JsonFields fields) throws BadRecordException {
        return new CatalogItem(
                fields.id("item_id"),
                fields.text("title"),
                fields.text("description"),
                fields.ids("categories"),
                fields.flag("available", true),
                fields.timestamp("timestamp_ms", clock.millis()),
                fields.vectors("vectors", modalities),
                fields.attributes(attributes));
    }

    private CatalogItem withdrawn(RawRecord source) throws BadRecordException {
        String itemId = parser.tombstoneId(source, "an item id");
        long timestamp = parser.recordTime(source, clock.millis());
        return new CatalogItem(itemId, "", "", List.of(), false, timestamp, Map.of());
    }
}
