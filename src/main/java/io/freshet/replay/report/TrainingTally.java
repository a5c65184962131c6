package io.freshet.replay.report;

import io.freshet.event.ModelCheckpoint;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Gathers the verdicts on training windows. */
final class TrainingTally {

    private final SortedSet<Long> promoted = new TreeSet<>();
    private final WeightedMean loss = new WeightedMean();
    private int rejected;
    private int failed;
    private long targets;
    private long millis;

    void add(ModelCheckpoint checkpoint) {
        switch (checkpoint.verdict()) {
            case PROMOTED -> promoted.add(checkpoint.version());
            case REJECTED, ROLLED_BACK -> rejected++;
            case FAILED -> failed++;
            case HELD, DELAYED -> {}
        }
        targets += checkpoint.targets();
        loss.add(checkpoint.loss(), checkpoint.targets());
        millis += checkpoint.trainingMillis();
    }

    Trainings trainings() {
        return new Trainings(
                List.copyOf(promoted), rejected, failed, targets, loss.get(), millis / 1000.0);
    }
}
