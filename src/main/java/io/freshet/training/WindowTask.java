package io.freshet.training;

import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import java.util.List;

/**
 * One window's work: window in, update or version out, base version named.
 *
 * @param standing the live model that is trained on
 * @param update the window, whose trained sequences are still all of its own
 * @param carried sequences that the window before held out
 * @param judges newest positions that windows before held out: one fresh position each
 * @param versionDue whether the updates so far are to become a version
 * @param nextVersion lowest number that a new version may have
 * @param trainedOffsets source offsets that the standing's version was trained on since the base
 */
record WindowTask(
        Standing standing,
        AppliedUpdate update,
        List<TrainingSequence> carried,
        List<TrainingSequence> judges,
        boolean versionDue,
        long nextVersion,
        List<OffsetRange> trainedOffsets) {

    long window() {
        return update.mark().window();
    }

    /** Exclusive end of the window in event time, milliseconds since the epoch. */
    long end() {
        return update.mark().end();
    }
}
