package io.freshet.history;

import io.freshet.config.HistoryConfig;
import io.freshet.event.Interaction;
import io.freshet.event.ItemHash;

/** Selects the interactions before which a list is made, to be compared with the user's choice. */
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
     * Whether to probe before the interaction: its offset is sampled, the user did something
     * before, and the item may be on a list made of it.
     *
     * @param seen ascending hashes of the user's items, if items are consumed once
     */
    boolean isDue(Interaction interaction, HistoryState user, long[] seen) {
        return stride > 0
                && interaction.offset() >= from
                && interaction.offset() % stride == 0
                && user.items.length > 0
                && user.timestamps[0] <= interaction.timestamp()
                && !(consumeOnce
                        && HashSets.containsSorted(seen, ItemHash.of(interaction.itemId())));
    }
}
