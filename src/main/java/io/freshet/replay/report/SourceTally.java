package io.freshet.replay.report;

import io.freshet.event.RecommendedItem.Source;
import java.util.Arrays;
import java.util.List;

/** Counts entries and hits by what spoke most for them. */
final class SourceTally {

    private final int[] entries = new int[Source.values().length];
    private final int[] hits = new int[entries.length];

    void add(TestedPosition tested) {
        for (Source source : tested.prediction().sources()) {
            entries[source.ordinal()]++;
        }
        Source hitBy = tested.hitBy();
        if (hitBy != null) {
            hits[hitBy.ordinal()]++;
        }
    }

    /** One share for each source, in the order of the sources. */
    List<SourceShare> shares() {
        return Arrays.stream(Source.values())
                .map(s -> new SourceShare(s, entries[s.ordinal()], hits[s.ordinal()]))
                .toList();
    }
}
