package io.freshet.replay.report;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Gathers the verdicts on training windows. */
final class TrainingTally {

    private final SortedSet<Long> promoted = new TreeSet<>();
    private final WeightedMean loss = new WeightedMean();
    private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    private long targets;
    private long millis;

    void add(ModelCheckpoint checkpoint) {
        verdicts.merge(checkpoint.verdict(), 1, Integer::sum);
        if (checkpoint.promoted()) {
            promoted.add(checkpoint.version());
        }
        targets += checkpoint.targets();
        loss.add(checkpoint.loss(), checkpoint.targets());
        millis += checkpoint.trainingMillis();
    }

    Trainings trainings() {
        return new Trainings(
                verdicts.values().stream().mapToInt(Integer::intValue).sum(),
                List.copyOf(promoted),
                verdicts.getOrDefault(Verdict.HELD, 0),
                verdicts.getOrDefault(Verdict.REJECTED, 0),
                verdicts.getOrDefault(Verdict.ROLLED_BACK, 0),
                verdicts.getOrDefault(Verdict.FAILED, 0),
                targets,
                loss.get(),
                millis / 1000.0);
    }
}
