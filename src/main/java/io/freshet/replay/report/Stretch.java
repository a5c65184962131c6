package io.freshet.replay.report;

import java.util.List;

/**
 * What happened over a stretch of rows.
 *
 * @param first its first position
 * @param end the position after its last
 * @param lists figures of the tested positions' lists, as users would have got them
 * @param coldStart figures of the same lists where little was known
 * @param sources what each source contributed to the same lists
 * @param model the live model alone, on positions that it was about to be trained on
 * @param frozen the base model, never updated, on the same positions
 * @param trainings training windows that ended in the stretch
 * @param seconds wall-clock time from the last list before the stretch to its own last one
 */
public record Stretch(
        int first,
        int end,
        Figures lists,
        ColdStart coldStart,
        List<SourceShare> sources,
        ModelFigures model,
        ModelFigures frozen,
        Trainings trainings,
        double seconds) {}
