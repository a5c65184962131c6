package io.freshet.event;

import java.util.List;

/**
 * An item of the catalog with the content vector that a pre-trained encoder gave it.
 *
 * @param itemId the item
 * @param title its title, for people who read logs and lists
 * @param available whether the item may be recommended now
 * @param timestamp event time of the catalog record, milliseconds since the epoch
 * @param vector content vector of unit length; empty when no encoder is configured or the item has
 *     no text
 * @param categories labels, most general first, may be empty
 */
public record EncodedItem(
        String itemId,
        String title,
        boolean available,
        long timestamp,
        float[] vector,
        List<String> categories) {

    /** State that was written before there were categories reads as having none. */
    public EncodedItem {
        categories = categories == null ? List.of() : categories;
    }
}
