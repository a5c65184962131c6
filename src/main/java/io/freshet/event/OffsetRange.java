package io.freshet.event;

/**
 * Source offsets that a model was trained on.
 *
 * @param partition source partition
 * @param first lowest offset, inclusive
 * @param last highest offset, inclusive
 * @param count number of offsets in the range that were trained on
 */
public record OffsetRange(int partition, long first, long last, long count) {}
