package io.freshet.event;

import java.util.List;
import java.util.Map;

/**
 * The catalog's record of an item; a later record of the same item replaces an earlier one whole.
 *
 * @param itemId the item
 * @param title a short text, may be empty
 * @param description a longer text, may be empty
 * @param categories labels, most general first, may be empty
 * @param available whether the item may be recommended now
 * @param timestamp event time in milliseconds since the epoch
 * @param vectors vectors of other modalities (image, audio, …) by name
 * @param attributes what else is known of it, as far as it is declared
 */
public record CatalogItem(
        String itemId,
        String title,
        String description,
        List<String> categories,
        boolean available,
        long timestamp,
        Map<String, float[]> vectors,
        List<Attribute> attributes) {

    /** State that was written before there were attributes reads as having none. */
    public CatalogItem {
        attributes = attributes == null ? List.of() : attributes;
    }

    /** An item without attributes. */
    public CatalogItem(
            String itemId,
            String title,
            String description,
            List<String> categories,
            boolean available,
            long timestamp,
            Map<String, float[]> vectors) {
        this(itemId, title, description, categories, available, timestamp, vectors, List.of());
    }

    /** This item as of another event time, in milliseconds since the epoch. */
    public CatalogItem at(long time) {
        return new CatalogItem(
                itemId, title, description, categories, available, time, vectors, attributes);
    }
}
