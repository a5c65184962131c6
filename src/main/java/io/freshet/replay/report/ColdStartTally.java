package io.freshet.replay.report;

/** Gathers the ranks at positions before which little was known. */
final class ColdStartTally {

    private final RankTally rareItems = new RankTally();
    private final RankTally newItems = new RankTally();
    private final RankTally newUsers = new RankTally();

    void add(TestedPosition tested) {
        if (tested.itemRows() < ColdStart.RARE_ITEM) {
            rareItems.add(tested.rank());
            if (!tested.itemInBase()) {
                newItems.add(tested.rank());
            }
        }
        if (tested.userRows() < ColdStart.NEW_USER) {
            newUsers.add(tested.rank());
        }
    }

    ColdStart figures() {
        return new ColdStart(rareItems.figures(), newItems.figures(), newUsers.figures());
    }
}
