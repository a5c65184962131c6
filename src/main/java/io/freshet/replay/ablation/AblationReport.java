package io.freshet.replay.ablation;

import io.freshet.replay.Replay.ReplayResult;
import io.freshet.replay.ablation.Variants.Variant;
import io.freshet.replay.report.RankTally;
import io.freshet.replay.report.Ranks;
import io.freshet.replay.report.Report;
import io.freshet.replay.report.Report.ColdStart;
import io.freshet.replay.report.Report.RankFigures;
import java.util.List;
import java.util.Map;

/**
 * The variants side by side.
 *
 * @param settings what was replayed and how, by name, in the order to be shown in; for all variants
 * @param variants those that have been replayed, the full system first
 */
public record AblationReport(Map<String, String> settings, List<VariantResult> variants) {

    /** Whether every variant kept protocol P. */
    public boolean keepsProtocol() {
        return variants.stream().allMatch(VariantResult::keepsProtocol);
    }

    /**
     * How one variant did.
     *
     * @param variant its name, and its directory below the ablation's
     * @param about what is different from the full system
     * @param options the same, in options of the job
     * @param protocol "kept", or how protocol P was broken
     * @param lists figures of all tested positions
     * @param coldStart figures of those where little was known
     * @param hr10 difference of HR@10 from the full system
     * @param ndcg10 difference of NDCG@10 from the full system
     * @param versions model versions that went live after the base
     * @param seconds wall-clock seconds by phase; a base model that was copied took next to none
     */
    public record VariantResult(
            String variant,
            String about,
            Map<String, String> options,
            String protocol,
            RankFigures lists,
            ColdStart coldStart,
            Difference hr10,
            Difference ndcg10,
            int versions,
            Map<String, Double> seconds) {

        static VariantResult of(Variant variant, ReplayResult result, Ranks full) {
            Report report = result.report();
            return new VariantResult(
                    variant.name(),
                    variant.about(),
                    variant.options().toMap(),
                    report.protocol(),
                    report.all().lists(),
                    report.all().coldStart(),
                    Difference.of(result.ranks(), full, rank -> rank == 0 ? 0 : 1),
                    Difference.of(result.ranks(), full, RankTally::gain),
                    report.all().trainings().promoted().size(),
                    report.seconds());
        }

        boolean keepsProtocol() {
            return protocol.equals(Report.KEPT);
        }
    }
}
