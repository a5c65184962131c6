package io.freshet.training;

import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a rollback.
 *
 * @param reason why it is refused, or what it took back, in words
 * @param checkpoint the verdict, null if the live model is what it was
 * @param lost content of items that the version does not have, to be learned again
 */
record RollbackOutcome(
        RollbackTask task,
        Outcome outcome,
        String reason,
        @Nullable ModelCheckpoint checkpoint,
        List<EncodedItem> lost) {

    static RollbackOutcome unmoved(RollbackTask task, Outcome outcome, String reason) {
        return new RollbackOutcome(task, outcome, reason, null, List.of());
    }
}
