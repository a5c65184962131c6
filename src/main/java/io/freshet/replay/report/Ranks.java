package io.freshet.replay.report;

import io.freshet.replay.report.ProtocolScorer.TestedPosition;
import java.util.ArrayList;
import java.util.List;

/**
 * The rank of each tested position's item, so that two replays of one file can be compared position
 * by position.
 *
 * @param positions tested positions, ascending
 * @param ranks rank of the item by index of its position, from 1; 0 if it was not listed
 */
public record Ranks(List<Integer> positions, List<Integer> ranks) {

    /** None yet. */
    static Ranks none() {
        return new Ranks(new ArrayList<>(), new ArrayList<>());
    }

    void add(TestedPosition tested) {
        positions.add(tested.position());
        ranks.add(tested.rank());
    }
}
