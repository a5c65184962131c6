package io.freshet.replay.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where each tested position's item stood, so that two replays of one file can be compared position
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
