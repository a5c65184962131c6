package io.freshet.replay.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The training windows that ended in a stretch of rows.
 *
 * @param promoted versions that became live, ascending
 * @param rejected number of challengers that were worse than the champion
 * @param failed number of windows whose training broke down
 * @param targets positions trained on, replayed ones included
 * @param loss mean training loss over the targets of each window's last pass; null for none
 * @param seconds time spent training
 */
public record Trainings(
        List<Long> promoted,
        int rejected,
        int failed,
        long targets,
        @Nullable Double loss,
        double seconds) {}
