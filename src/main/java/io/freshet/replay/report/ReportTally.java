package io.freshet.replay.report;

import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;

/** Gathers what happened over a stretch of rows. */
final class ReportTally {

    private final RankTally lists = new RankTally();
    private final ColdStartTally coldStart = new ColdStartTally();
    private final SourceTally sources = new SourceTally();
    private final ModelTally model = new ModelTally();
    private final ModelTally frozen = new ModelTally();
    private final TrainingTally trainings = new TrainingTally();
    private long servedUntil = Long.MIN_VALUE;

    void served(long servedAt) {
        servedUntil = Math.max(servedUntil, servedAt);
    }

    void tested(TestedPosition tested) {
        lists.add(tested.rank());
        coldStart.add(tested);
        sources.add(tested);
    }

    void training(ModelCheckpoint checkpoint) {
        trainings.add(checkpoint);
    }

    void evaluated(Evaluation evaluation) {
        switch (evaluation.subject()) {
            case LIVE_MODEL -> model.add(evaluation);
            case FROZEN_MODEL -> frozen.add(evaluation);
            case LISTS -> {}
        }
    }

    /** When the last list was served, milliseconds since the epoch. */
    long servedUntil() {
        return servedUntil;
    }

    Stretch stretch(int first, int end, long millis) {
        return new Stretch(
                first,
                end,
                lists.figures(),
                coldStart.figures(),
                sources.shares(),
                model.figures(),
                frozen.figures(),
                trainings.trainings(),
                millis / 1000.0);
    }
}
