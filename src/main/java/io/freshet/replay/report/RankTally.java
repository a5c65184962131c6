package io.freshet.replay.report;

/** Gathers ranks, and makes figures of them. */
public final class RankTally {

    private int tested;
    private int hits;
    private double gain;
    private double reciprocal;

    /**
     * What a position adds to NDCG@10.
     *
     * @param rank rank of its item within the list, from 1; 0 if it was not there
     */
    public static double gain(int rank) {
        return rank == 0 ? 0 : Math.log(2) / Math.log(rank + 1);
    }

    /**
     * Counts a tested position.
     *
     * @param rank rank of its item within the list, from 1; 0 if it was not there
     */
    public void add(int rank) {
        tested++;
        gain += gain(rank);
        if (rank > 0) {
            hits++;
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
