package io.freshet.replay.report;

import io.freshet.event.RecommendedItem.Source;

/**
 * What one source contributed to the tested positions' lists.
 *
 * @param source what spoke most for an entry
 * @param entries entries of all lists that it spoke most for
 * @param hits those of them that were the position's item
 */
public record SourceShare(Source source, int entries, int hits) {}
