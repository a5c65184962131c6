package io.freshet.replay.report;

import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.PredictedResponse;
import io.freshet.event.RecommendedItem.Source;
import io.freshet.replay.report.ProtocolScorer.TestedPosition;
import io.freshet.replay.report.Report.ColdStart;
import io.freshet.replay.report.Report.ModelFigures;
import io.freshet.replay.report.Report.ReportSection;
import io.freshet.replay.report.Report.ResponseFigures;
import io.freshet.replay.report.Report.SourceShare;
import io.freshet.replay.report.Report.Trainings;
import io.freshet.runtime.ClassificationMetrics;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Gathers what happened over a stretch of rows. */
final class ReportTally {

    private final RankTally lists = new RankTally();
    private final ColdStartTally coldStart = new ColdStartTally();
    private final SourceTally sources = new SourceTally();
    private final ModelTally model = new ModelTally();
    private final ModelTally frozen = new ModelTally();
    private final ModelTally past = new ModelTally();
    private final TrainingTally trainings = new TrainingTally();
    private final ClassificationMetrics responses = new ClassificationMetrics();
    private long servedUntil = Long.MIN_VALUE;

    void served(long servedAt) {
        servedUntil = Math.max(servedUntil, servedAt);
    }

    void tested(TestedPosition tested) {
        lists.add(tested.rank());
        coldStart.add(tested);
        sources.add(tested);
    }

    void responded(PredictedResponse response) {
        responses.add(response.userId(), response.probability(), response.responded());
    }

    void training(ModelCheckpoint checkpoint) {
        trainings.add(checkpoint);
    }

    void evaluated(Evaluation evaluation) {
        switch (evaluation.subject()) {
            case LIVE_MODEL -> model.add(evaluation);
            case FROZEN_MODEL -> frozen.add(evaluation);
            case PAST_WINDOWS -> past.add(evaluation);
            case LISTS, RESPONSES -> {}
        }
    }

    /** When the last list was served, milliseconds since the epoch. */
    long servedUntil() {
        return servedUntil;
    }

    ReportSection stretch(int first, int end, long millis) {
        return new ReportSection(
                first,
                end,
                lists.figures(),
                coldStart.figures(),
                sources.shares(),
                model.figures(),
                frozen.figures(),
                past.figures(),
                trainings.trainings(),
                responses(),
                millis / 1000.0);
    }

    private ResponseFigures responses() {
        return new ResponseFigures(
                responses.count(),
                responses.positives(),
                defined(responses.auc()),
                defined(responses.gauc()),
                defined(responses.logLoss()),
                defined(responses.calibration()));
    }

    private static @Nullable Double defined(double figure) {
        return Double.isNaN(figure) ? null : figure;
    }

    /** Gathers the ranks at positions before which little was known. */
    static final class ColdStartTally {

        private final RankTally rareItems = new RankTally();
        private final RankTally newItems = new RankTally();
        private final RankTally newUsers = new RankTally();

        void add(TestedPosition tested) {
            if (tested.itemRows() < ColdStart.RARE_ITEM) {
                rareItems.add(tested.rank());
                if (!tested.itemInBase()) {
                    newItems.add(tested.rank());
                }
            }
            if (tested.userRows() < ColdStart.NEW_USER) {
                newUsers.add(tested.rank());
            }
        }

        ColdStart figures() {
            return new ColdStart(rareItems.figures(), newItems.figures(), newUsers.figures());
        }
    }

    /** Gathers evaluations of one model, each weighing as many positions as it is of. */
    static final class ModelTally {

        private final WeightedMean loss = new WeightedMean();
        private final WeightedMean hitRate = new WeightedMean();
        private final WeightedMean ndcg = new WeightedMean();
        private final WeightedMean mrr = new WeightedMean();
        private final WeightedMean accuracy = new WeightedMean();
        private final WeightedMean mse = new WeightedMean();
        private long positions;

        void add(Evaluation evaluation) {
            int weight = evaluation.positions();
            positions += weight;
            loss.add(evaluation.loss(), weight);
            hitRate.add(evaluation.hitRate(), weight);
            ndcg.add(evaluation.ndcg(), weight);
            mrr.add(evaluation.mrr(), weight);
            accuracy.add(evaluation.accuracy(), weight);
            mse.add(evaluation.mse(), weight);
        }

        ModelFigures figures() {
            return new ModelFigures(
                    positions,
                    loss.get(),
                    hitRate.get(),
                    ndcg.get(),
                    mrr.get(),
                    accuracy.get(),
                    mse.get());
        }
    }

    /** Counts entries and hits by what spoke most for them. */
    static final class SourceTally {

        private final int[] entries = new int[Source.values().length];
        private final int[] hits = new int[entries.length];

        void add(TestedPosition tested) {
            for (Source source : tested.prediction().sources()) {
                entries[source.ordinal()]++;
            }
            Source hitBy = tested.hitBy();
            if (hitBy != null) {
                hits[hitBy.ordinal()]++;
            }
        }

        /** One share for each source, in the order of the sources. */
        List<SourceShare> shares() {
            return Arrays.stream(Source.values())
                    .map(s -> new SourceShare(s, entries[s.ordinal()], hits[s.ordinal()]))
                    .toList();
        }
    }

    /** Gathers the verdicts on training windows. */
    static final class TrainingTally {

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

    /** A mean in which values weigh differently; values that are not finite don't count. */
    static final class WeightedMean {

        private double sum;
        private double weights;

        void add(double value, double weight) {
            if (Double.isFinite(value)) {
                sum += value * weight;
                weights += weight;
            }
        }

        /** The mean, or null if nothing counted. */
        @Nullable Double get() {
            return weights > 0 ? sum / weights : null;
        }
    }
}
