package io.freshet.replay;

import io.freshet.config.FreshetConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.config.IngestConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import io.freshet.event.PredictedResponse;
import io.freshet.replay.input.CatalogFile;
import io.freshet.replay.input.InputChecks;
import io.freshet.replay.input.InteractionRows;
import io.freshet.replay.input.InteractionsFile;
import io.freshet.replay.input.ProtocolRows;
import io.freshet.replay.input.Timetable;
import io.freshet.replay.input.UserHistories;
import io.freshet.replay.input.UsersFile;
import io.freshet.replay.input.csv.CsvFormatException;
import io.freshet.replay.report.Prediction;
import io.freshet.replay.report.PredictionsFile;
import io.freshet.replay.report.Ranks;
import io.freshet.replay.report.Report;
import io.freshet.replay.report.ReportBuilder;
import io.freshet.replay.report.ReportFiles;
import io.freshet.replay.report.ReportWindows;
import io.freshet.replay.report.ScoresFile;
import io.freshet.replay.report.TestedRows;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A replay by protocol P, from two CSV files to predictions, report and models: the rows before N/2
 * make the base model; then all rows go through the job, which is asked before every tested row.
 */
public final class Replay {

    private final ReplaySettings settings;
    private final ReplayModels models;
    private final Pipeline pipeline;
    private final Clock clock;
    private final InteractionsFile interactions;
    private final CatalogFile catalog;
    private final @Nullable UsersFile users;

    public Replay(ReplaySettings settings, ReplayModels models, Pipeline pipeline, Clock clock) {
        this.settings = settings;
        this.models = models;
        this.pipeline = pipeline;
        this.clock = clock;
        IngestConfig limits = FreshetConfig.from(settings.options()).ingest();
        this.interactions = new InteractionsFile(settings.interactions(), limits, clock);
        this.catalog = new CatalogFile(settings.items(), limits);
        this.users = settings.users() == null ? null : new UsersFile(settings.users(), limits);
    }

    /**
     * Replays, and writes everything to the output directory.
     *
     * @throws CsvFormatException if a file is broken
     * @throws java.nio.file.FileSystemException if another replay writes to the directory
     * @throws org.apache.flink.configuration.IllegalConfigurationException if an option is wrong
     * @throws org.apache.flink.runtime.client.JobExecutionException if the job failed
     */
    public ReplayResult run(ReplayProgress progress) throws Exception {
        long started = clock.millis();
        Timetable timetable = interactions.scan();
        requireRows(timetable);
        Map<String, CatalogItem> items = catalog.read();
        if (users != null) {
            users.read();
        }
        ReplayDirectory directory = new ReplayDirectory(settings.output());
        FreshetConfig config =
                FreshetConfig.from(
                        ReplayOptions.of(
                                settings, timetable.half(), directory.models().toUri().toString()));
        List<String> warnings =
                new InputChecks(interactions, timetable, items.keySet(), config).warnings();
        UserHistories histories = firstHalf(timetable, config.history());
        try (DirectoryLock lock = directory.prepare()) {
            warnings.forEach(progress::warned);
            progress.makingBase();
            models.makeBase(config, histories.byUser().values(), histories.chosen(items));
            return replay(timetable, directory, config, warnings, progress, started);
        }
    }

    private ReplayResult replay(
            Timetable timetable,
            ReplayDirectory directory,
            FreshetConfig config,
            List<String> warnings,
            ReplayProgress progress,
            long started)
            throws Exception {
        long trained = clock.millis();

        ReportBuilder report =
                new ReportBuilder(
                        timetable,
                        new ReportWindows(timetable.rows(), settings.windows()),
                        new TestedRows(config.history(), settings.rows()));
        Outcome outcome = job(config, timetable, report, progress);
        PredictionsFile.write(directory.predictions(), outcome.predictions());
        if (config.history().feedback().hasExposures()) {
            ScoresFile.write(directory.scores(), outcome.responses());
        }
        models.deleteOld(config);
        score(report);

        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put(Report.BASE_MODEL, (trained - started) / 1000.0);
        seconds.put(Report.REPLAY, (clock.millis() - trained) / 1000.0);
        Report result = report.build(described(timetable, config), warnings, seconds, trained);
        ReportFiles.write(directory.root(), result);
        return new ReplayResult(result, report.ranks());
    }

    private void requireRows(Timetable timetable) throws CsvFormatException {
        int rows = timetable.rows();
        if (rows < 2) {
            throw new CsvFormatException(
                    interactions + ": found " + rows + " row(s), expected 2 or more");
        }
        int most = rows - timetable.half();
        if (settings.stride() > most) {
            throw new IllegalArgumentException(
                    ("stride: found %d, expected 1 to %d, which is half of "
                                    + "the rows of %s: of those every stride-th is tested")
                            .formatted(settings.stride(), most, interactions));
        }
    }

    /** What the job predicted at tested positions. */
    private record Outcome(List<Prediction> predictions, List<PredictedResponse> responses) {}

    private Outcome job(
            FreshetConfig config,
            Timetable timetable,
            ReportBuilder report,
            ReplayProgress progress)
            throws Exception {
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
        progress.started(timetable.rows());
        new ReplayJob(settings)
                .run(config, pipeline, output -> take(output, report, outcome, progress));
        progress.ended();
        outcome.responses()
                .removeIf(
                        response ->
                                response.offset() < timetable.half()
                                        || response.offset() % settings.stride() != 0);
        outcome.responses().forEach(report::add);
        return outcome;
    }

    /** The rows that make the base model; refuses a file of which no row is tested afterwards. */
    private UserHistories firstHalf(Timetable timetable, HistoryConfig config) throws IOException {
        UserHistories histories = new UserHistories(config);
        TestedRows tested = new TestedRows(config, settings.rows());
        boolean anyTested = false;
        try (InteractionRows rows = interactions.open()) {
            Interaction row = rows.next();
            while (row != null && !(anyTested && row.offset() >= timetable.half())) {
                anyTested |= tested.isTested(row);
                tested.add(row);
                if (row.offset() < timetable.half()
                        && !settings.rows().leavesOut(row, config.feedback())) {
                    histories.add(row);
                }
                row = rows.next();
            }
        }
        if (!anyTested) {
            throw new CsvFormatException(
                    ("%s: no row would be tested; expected one from row %d "
                                    + "on, divided by the stride of %d, by which a user "
                                    + "with an earlier one chooses%s")
                            .formatted(
                                    interactions,
                                    timetable.half(),
                                    settings.stride(),
                                    settings.excludeSeen() ? ", and new to the user" : ""));
        }
        return histories;
    }

    private static void take(
            ReplayOutput output, ReportBuilder report, Outcome outcome, ReplayProgress progress) {
        if (output.probe() != null) {
            Prediction prediction = Prediction.of(output.probe());
            outcome.predictions().add(prediction);
            report.add(prediction);
            progress.tested(prediction);
        } else if (output.checkpoint() != null) {
            report.add(output.checkpoint());
        } else if (output.evaluation() != null) {
            report.add(output.evaluation());
        } else if (output.response() != null) {
            outcome.responses().add(output.response());
        } else if (output.sent() != null) {
            progress.sent(output.sent());
        }
    }

    private void score(ReportBuilder report) throws IOException {
        try (InteractionRows rows = interactions.open()) {
            for (Interaction row = rows.next(); row != null; row = rows.next()) {
                report.add(row);
            }
        }
    }

    private Map<String, String> described(Timetable timetable, FreshetConfig config) {
        Map<String, String> described = new LinkedHashMap<>();
        described.put("interactions", settings.interactions().toString());
        described.put("items", settings.items().toString());
        if (settings.users() != null) {
            described.put("users", settings.users().toString());
        }
        described.put("rows", String.valueOf(timetable.rows()));
        described.put("stride", String.valueOf(settings.stride()));
        described.put("items consumed once", String.valueOf(settings.excludeSeen()));
        if (!settings.rows().equals(ProtocolRows.ALL)) {
            described.put("tested types", settings.rows().targets().toString());
            described.put("ignored types", settings.rows().ignored().toString());
        }
        if (!Float.isNaN(settings.rows().minRating())) {
            described.put("ignored ratings", "below " + settings.rows().minRating());
        }
        described.put("model", config.training().enabled() ? "fine-tuned" : "frozen after half");
        described.put("seed", String.valueOf(config.model().seed()));
        described.put("options", String.valueOf(settings.options().toMap()));
        return described;
    }

    /**
     * What came of a replay.
     *
     * @param report the report, as it was written
     * @param ranks how each tested position came out, to be compared with another replay's
     */
    public record ReplayResult(Report report, Ranks ranks) {}
}
