package io.freshet.training;

import io.freshet.event.Control;
import java.util.List;

/**
 * A return to an earlier version.
 *
 * @param control who asks, and which version for
 * @param standing the live model that is left
 * @param announced highest version that was announced
 * @param foreign numbers below that, which are not versions of this job
 * @param windows training windows that are settled
 */
record RollbackTask(
        Control control, Standing standing, long announced, List<Long> foreign, long windows) {}
