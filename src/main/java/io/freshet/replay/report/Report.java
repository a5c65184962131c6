package io.freshet.replay.report;

import io.freshet.event.RecommendedItem.Source;
import io.freshet.replay.report.Report.ColdStart;
import io.freshet.replay.report.Report.ModelFigures;
import io.freshet.replay.report.Report.SourceShare;
import io.freshet.replay.report.Report.Trainings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A replay, summed up.
 *
 * @param settings what was replayed and how, by name, in the order to be shown in
 * @param warnings what to look at before trusting a figure, one sentence each
 * @param protocol "kept", or how protocol P was broken
 * @param seconds wall-clock seconds by phase, in the order of the phases
 * @param windows report windows, from the first with a position that may be tested
 * @param all all rows that may be tested
 */
public record Report(
        Map<String, String> settings,
        List<String> warnings,
        String protocol,
        Map<String, Double> seconds,
        List<ReportSection> windows,
        ReportSection all) {

    /** The phase that makes the base model, among {@code seconds}. */
    public static final String BASE_MODEL = "base model";

    /** The phase that sends all rows through the job, among {@code seconds}. */
    public static final String REPLAY = "replay";

    /** Value of {@code protocol} when nothing broke it. */
    public static final String KEPT = "kept";

    /** Whether every tested position has a prediction that protocol P accepts. */
    public boolean keepsProtocol() {
        return protocol.equals(KEPT);
    }

    /**
     * RankFigures of the tested positions before which little was known. Positions of users without
     * any earlier interaction are not tested by protocol P.
     *
     * @param rareItems the item had fewer than {@value #RARE_ITEM} earlier interactions
     * @param newItems of these, the item had none in the first half, which makes the base model
     * @param newUsers the user had fewer than {@value #NEW_USER} earlier interactions
     */
    public record ColdStart(RankFigures rareItems, RankFigures newItems, RankFigures newUsers) {

        /** Earlier interactions from which on an item is not rare any more. */
        public static final int RARE_ITEM = 5;

        /** Earlier interactions from which on a user is not new any more. */
        public static final int NEW_USER = 3;
    }

    /**
     * How well one model alone ranked new positions among all items, before it was trained on them.
     *
     * @param positions number of positions
     * @param loss mean cross-entropy in nats, or of a model that predicts ratings the mean squared
     *     error; null where it is not known
     * @param hr10 share of positions whose item was among the first ten; null for no positions
     * @param ndcg10 NDCG at ten; null for no positions
     * @param mrr10 reciprocal rank within ten; null for no positions
     * @param accuracy share of positions whose item was first; null for no positions
     * @param mse mean squared error of predicted ratings; null where none are predicted
     */
    public record ModelFigures(
            long positions,
            @Nullable Double loss,
            @Nullable Double hr10,
            @Nullable Double ndcg10,
            @Nullable Double mrr10,
            @Nullable Double accuracy,
            @Nullable Double mse) {}

    /**
     * What one source contributed to the tested positions' lists.
     *
     * @param source what spoke most for an entry
     * @param entries entries of all lists that it spoke most for
     * @param hits those of them that were the position's item
     */
    public record SourceShare(Source source, int entries, int hits) {}

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
     * @param past new versions, on a sample of what windows before them trained: what is not
     *     forgotten
     * @param trainings training windows that ended in the stretch
     * @param responses predicted responses to exposures in the stretch
     * @param seconds wall-clock time from the last list before the stretch to its own last one
     */
    public record ReportSection(
            int first,
            int end,
            RankFigures lists,
            ColdStart coldStart,
            List<SourceShare> sources,
            ModelFigures model,
            ModelFigures frozen,
            ModelFigures past,
            Trainings trainings,
            ResponseFigures responses,
            double seconds) {}

    /**
     * How well responses to exposures at tested positions were predicted; null where a figure is
     * not defined.
     *
     * @param tested number of exposures
     * @param responses how many of them were responded to
     * @param auc chance that one with a response had a greater probability than one without
     * @param gauc the same among the exposures of one user, averaged over users
     * @param logLoss mean of -ln of the probability of what came, nats
     * @param calibration mean probability over the share with a response
     */
    public record ResponseFigures(
            int tested,
            int responses,
            @Nullable Double auc,
            @Nullable Double gauc,
            @Nullable Double logLoss,
            @Nullable Double calibration) {}

    /**
     * How well tested positions were predicted.
     *
     * @param tested number of tested positions
     * @param hr10 share of them whose item was among the first ten; 0 for none tested, as the
     *     others
     * @param ndcg10 mean of 1/log2(rank+1), 0 outside the ten
     * @param mrr10 mean of 1/rank, 0 outside the ten
     */
    public record RankFigures(int tested, double hr10, double ndcg10, double mrr10) {}
}
