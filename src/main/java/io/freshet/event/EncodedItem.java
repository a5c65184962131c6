package io.freshet.event;

import java.util.List;

/**
 * An item of the catalog with its content as a vector.
 *
 * @param itemId the item
 * @param title read by nobody, and empty unless an older release wrote it; kept because state can't
 *     be read without a component that is not the last
 * @param available whether the item may be recommended now
 * @param timestamp event time of the catalog record, milliseconds since the epoch
 * @param vector what a pre-trained encoder made of its text, followed by its vectors of other
 *     modalities, each part of unit length, or zero if the item lacks it; empty when it lacks all
 * @param categories labels, most general first, may be empty
 * @param attributes its declared numbers and dates
 */
public record EncodedItem(
        String itemId,
        String title,
        boolean available,
        long timestamp,
        float[] vector,
        List<String> categories,
        List<Attribute> attributes) {

    /** State that was written before a component was added reads as having none of it. */
    public EncodedItem {
        categories = categories == null ? List.of() : categories;
        attributes = attributes == null ? List.of() : attributes;
    }

    /** An item without attributes, and without the component that is read by nobody. */
    public EncodedItem(
            String itemId,
            boolean available,
            long timestamp,
            float[] vector,
            List<String> categories) {
        this(itemId, "", available, timestamp, vector, categories, List.of());
    }
}
