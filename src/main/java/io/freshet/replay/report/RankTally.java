package io.freshet.replay.report;

/** Gathers ranks, and makes figures of them. */
public final class RankTally {

    private int tested;
    private int hits;
    private double gain;
    private double reciprocal;

    /**
     * Counts a tested position.
     *
     * @param rank rank of its item within the list, from 1; 0 if it was not there
     */
    public void add(int rank) {
        tested++;
        if (rank > 0) {
            hits++;
            gain += Math.log(2) / Math.log(rank + 1);
            reciprocal += 1.0 / rank;
        }
    }

    /** The figures of all positions counted so far. */
    public Figures figures() {
        if (tested == 0) {
            return new Figures(0, 0, 0, 0);
        }
        return new Figures(tested, (double) hits / tested, gain / tested, reciprocal / tested);
    }
}
