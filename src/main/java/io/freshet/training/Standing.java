package io.freshet.training;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the live model is: a version, and the updates that were applied to it since.
 *
 * @param version the newest version, 0 if there is none
 * @param fingerprint what tells it from every other of its number, null if that is not known
 * @param base the version that the job started with, 0 if there is none
 */
record Standing(
        long version, @Nullable String fingerprint, long base, List<AppliedUpdate> applied) {

    Standing {
        applied = List.copyOf(applied);
    }

    /** Numbers of the windows applied, in order. */
    List<Long> windows() {
        return applied.stream().map(update -> update.mark().window()).toList();
    }

    List<AppliedUpdate> with(AppliedUpdate next) {
        List<AppliedUpdate> all = new ArrayList<>(applied);
        all.add(next);
        return all;
    }
}
