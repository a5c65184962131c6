package io.freshet.replay.ablation;

import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import io.freshet.replay.DirectoryLock;
import io.freshet.replay.Pipeline;
import io.freshet.replay.Replay;
import io.freshet.replay.Replay.ReplayResult;
import io.freshet.replay.ReplayModels;
import io.freshet.replay.ReplayProgress;
import io.freshet.replay.ReplaySettings;
import io.freshet.replay.ablation.AblationReport.VariantResult;
import io.freshet.replay.ablation.Variants.Variant;
import io.freshet.replay.input.InteractionsFile;
import io.freshet.replay.report.Ranks;
import io.freshet.replay.report.ReportFiles;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * Replays the full system and its variants one after another, each by protocol P into a directory
 * of its own, and compares them. The table is written anew after each, so that what was replayed
 * before a failure is not lost.
 */
public final class Ablation {

    private final ReplaySettings settings;
    private final ReplayModels models;
    private final ReplayModels shared;
    private final Pipeline pipeline;
    private final Clock clock;
    private final List<VariantResult> results = new ArrayList<>();
    private @Nullable Ranks full;

    /**
     * @param settings those of the full system; the variants' directories are made below its output
     */
    public Ablation(ReplaySettings settings, ReplayModels models, Pipeline pipeline, Clock clock) {
        this.settings = settings;
        this.models = models;
        this.shared = new SharedBase(models);
        this.pipeline = pipeline;
        this.clock = clock;
    }

    /** Runs all variants. Errors are those of {@link Replay#run}, and end the ablation. */
    public AblationReport run(AblationProgress progress) throws Exception {
        FreshetConfig config = FreshetConfig.from(settings.options());
        int rows =
                new InteractionsFile(settings.interactions(), config.ingest(), clock).scan().rows();
        List<Variant> variants = Variants.of(rows, config);
        try (DirectoryLock lock = DirectoryLock.of(settings.output())) {
            for (Variant variant : variants) {
                progress.variant(variant.name(), results.size() + 1, variants.size());
                results.add(replay(variant, progress));
                AblationReport report = report(rows);
                ReportFiles.write(
                        settings.output(), "ablations", report, AblationTable.markdown(report));
            }
        }
        return report(rows);
    }

    private VariantResult replay(Variant variant, AblationProgress progress) throws Exception {
        Configuration options = new Configuration(settings.options());
        options.addAll(variant.options());
        ReplayResult result =
                new Replay(
                                settings.with(settings.output().resolve(variant.name()), options),
                                variant.ownBase() ? models : shared,
                                pipeline,
                                clock)
                        .run(progress);
        full = full == null ? result.ranks() : full;
        return VariantResult.of(variant, result, full);
    }

    private AblationReport report(int rows) {
        Map<String, String> described = new LinkedHashMap<>();
        described.put("interactions", settings.interactions().toString());
        described.put("items", settings.items().toString());
        described.put("rows", String.valueOf(rows));
        described.put("stride", String.valueOf(settings.stride()));
        described.put("items consumed once", String.valueOf(settings.excludeSeen()));
        described.put("options", String.valueOf(settings.options().toMap()));
        return new AblationReport(described, List.copyOf(results));
    }

    /**
     * Makes one base model, the first that is requested, and gives copies of it to all later
     * replays, whose options must make the same.
     */
    static final class SharedBase implements ReplayModels {

        private static final String BASE = "1";

        private final ReplayModels models;
        private @Nullable Path made;

        SharedBase(ReplayModels models) {
            this.models = models;
        }

        @Override
        public void makeBase(
                FreshetConfig config,
                Collection<List<Interaction>> histories,
                List<CatalogItem> items)
                throws IOException {
            Path base = new Path(config.store().path(), BASE);
            if (made == null) {
                models.makeBase(config, histories, items);
                made = base;
            } else {
                FileUtils.copy(made, base, false);
            }
        }

        @Override
        public void deleteOld(FreshetConfig config) throws IOException {
            models.deleteOld(config);
        }
    }

    /** Receives the progress of an ablation. */
    public interface AblationProgress extends ReplayProgress {

        /** The next variant is replayed, the {@code number}-th of so many. */
        void variant(String name, int number, int variants);
    }
}
