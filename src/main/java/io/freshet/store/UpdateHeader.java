package io.freshet.store;

import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import java.util.List;
import java.util.Map;

/**
 * What an update is and where it came from.
 *
 * @param parent the live model that it builds on
 * @param update its number: that of its training window, from 1
 * @param key identity of the work: same key, same update
 * @param windowStart first event time of the window, milliseconds since the epoch
 * @param windowEnd exclusive end of the window in event time, milliseconds since the epoch
 * @param offsets source offsets that the window trained on
 * @param metrics what was counted and measured, by name
 * @param lastUsed event time of the last use of items, as far as the update changed it,
 *     milliseconds since the epoch; {@link Long#MAX_VALUE} for items that the catalog lists
 */
public record UpdateHeader(
        ModelRevision parent,
        long update,
        String key,
        long windowStart,
        long windowEnd,
        List<OffsetRange> offsets,
        Map<String, Double> metrics,
        Map<String, Long> lastUsed) {}
