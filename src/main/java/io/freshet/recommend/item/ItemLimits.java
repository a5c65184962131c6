package io.freshet.recommend.item;

import java.io.Serializable;

/**
 * How many items a table keeps, and for how long; see {@link ItemExpiry}.
 *
 * @param most items, those that the live model has a row for not counted, at least 1
 * @param ttl event time for which an item is kept that no catalog lists, milliseconds
 * @param withdrawnTtl the same for one that the catalog has withdrawn, milliseconds
 */
public record ItemLimits(int most, long ttl, long withdrawnTtl) implements Serializable {}
