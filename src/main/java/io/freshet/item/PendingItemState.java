package io.freshet.item;

import io.freshet.event.Attribute;
import io.freshet.event.CatalogItem;
import io.freshet.event.EncodedItem;
import java.util.ArrayList;
import java.util.List;

/** An item of the catalog that waits for its vector. Lives in Flink state. */
public final class PendingItemState {

    public String itemId = "";

    /** Input of the encoder. */
    public String text = "";

    /** Labels, most general first. */
    public List<String> categories = new ArrayList<>();

    public boolean available;

    /** Event time of the catalog record, milliseconds since the epoch. */
    public long timestamp;

    /** Timestamp of the element that brought it, milliseconds since the epoch. */
    public long elementTimestamp;

    /** Its part of the content vector that needs no encoder; empty for none. */
    public float[] others = {};

    /** Its declared numbers and dates. */
    public List<Attribute> numbers = new ArrayList<>();

    public PendingItemState() {}

    /**
     * @param others its part of the content vector that needs no encoder
     * @param elementTimestamp of the element that brought it, milliseconds since the epoch
     */
    public PendingItemState(CatalogItem item, float[] others, long elementTimestamp) {
        itemId = item.itemId();
        text = ItemText.of(item);
        categories = item.categories();
        available = item.available();
        timestamp = item.timestamp();
        numbers = item.attributes().stream().filter(Attribute::isNumber).toList();
        this.others = others;
        this.elementTimestamp = elementTimestamp;
    }

    /** The item with its whole content vector. */
    public EncodedItem encoded(float[] vector) {
        return new EncodedItem(itemId, "", available, timestamp, vector, categories, numbers);
    }
}
