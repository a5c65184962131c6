package io.freshet.history;

import io.freshet.config.FeedbackConfig.Kind;
import io.freshet.config.FeedbackConfig.Role;
import io.freshet.config.HistoryConfig;
import io.freshet.event.Interaction;
import io.freshet.event.ItemHash;
import java.util.List;

/** Selects the interactions before which a list is made, to be compared with the user's choice. */
final class Probes {

    private final int stride;
    private final long from;
    private final List<String> types;
    private final boolean consumeOnce;
    private final boolean serves;

    Probes(HistoryConfig config) {
        this.stride = config.asking().probeStride();
        this.from = config.asking().probeFrom();
        this.types = config.asking().probeTypes();
        this.consumeOnce = config.consumeOnce();
        this.serves = config.asking().serve();
    }

    /**
     * Whether to probe before the interaction: it is a choice, or of a type that is to be probed,
     * its offset is sampled, the user did something before, and the item may be on a list made of
     * it. What a look or a click has announced already is no choice to be foreseen, and would make
     * a job's figures better than its lists are; in a replay the protocol says which rows are
     * tested.
     *
     * @param seen ascending hashes of the user's items, if items are consumed once
     */
    boolean isDue(Interaction interaction, Role role, HistoryState user, long[] seen) {
        return stride > 0
                && interaction.offset() >= from
                && interaction.offset() % stride == 0
                && isOfInterest(interaction, role, user)
                && user.items.length > 0
                && user.timestamps[0] <= interaction.timestamp()
                && !(consumeOnce
                        && HashSets.containsSorted(seen, ItemHash.of(interaction.itemId())));
    }

    private boolean isOfInterest(Interaction interaction, Role role, HistoryState user) {
        if (!types.isEmpty()) {
            return types.contains(interaction.eventType());
        }
        return role.kind() == Kind.TARGET && !(serves && Timeline.continues(user, interaction));
    }
}
