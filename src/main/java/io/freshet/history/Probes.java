package io.freshet.history;

import io.freshet.config.HistoryConfig;
import io.freshet.event.Interaction;
import io.freshet.event.ItemHash;

/** Says before which interactions a list is made, to be compared with what the user then did. */
final class Probes {

    private final int stride;
    private final long from;
    private final boolean consumeOnce;

    Probes(HistoryConfig config) {
        this.stride = config.asking().probeStride();
        this.from = config.asking().probeFrom();
        this.consumeOnce = config.consumeOnce();
    }

    /**
     * Whether to probe before the interaction: its offset is sampled, the user has a history to
     * make a list of, and the item may be on that list.
     *
     * @param seen ascending hashes of the items that the user had, if items are consumed once
     */
    boolean wants(Interaction interaction, HistoryState user, long[] seen) {
        return stride > 0
                && interaction.offset() >= from
                && interaction.offset() % stride == 0
                && user.items.length > 0
                && !(consumeOnce
                        && HashSets.containsSorted(seen, ItemHash.of(interaction.itemId())));
    }
}
