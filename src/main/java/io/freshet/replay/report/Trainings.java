package io.freshet.replay.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The training windows that ended in a stretch of rows.
 *
 * @param windows number of windows, each with a verdict
 * @param promoted versions that became live, ascending
 * @param held number of versions that were put off, because chance could not be ruled out
 * @param rejected number of windows whose update was worse than the model before
 * @param rolledBack number of times that the updates since a version were worse than it
 * @param failed number of windows whose training broke down
 * @param targets positions trained on, replayed ones included
 * @param loss mean training loss over the targets of each window's last pass; null for none
 * @param seconds time spent training
 */
public record Trainings(
        int windows,
        List<Long> promoted,
        int held,
        int rejected,
        int rolledBack,
        int failed,
        long targets,
        @Nullable Double loss,
        double seconds) {}
