package io.freshet.event;

/**
 * How popular an item is: its interactions, each halved once per half-life.
 *
 * @param itemId the item
 * @param timestamp event time that the counts are valid at, milliseconds since the epoch
 * @param counts decayed count by configured half-life, in the order of the configuration
 */
public record ItemPopularity(String itemId, long timestamp, float[] counts) {}
