package io.freshet.event;

/**
 * An item of the catalog with the content vector that a pre-trained encoder gave it.
 *
 * @param itemId the item
 * @param title its title, for people who read logs and lists
 * @param available whether the item may be recommended now
 * @param timestamp event time of the catalog record, milliseconds since the epoch
 * @param vector content vector of unit length; empty when no encoder is configured or the item has
 *     no text
 */
public record EncodedItem(
        String itemId, String title, boolean available, long timestamp, float[] vector) {}
