package io.freshet.replay.report;

import io.freshet.event.Evaluation;
import io.freshet.event.Interaction;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.PredictedResponse;
import io.freshet.replay.input.Timetable;
import io.freshet.replay.report.ProtocolScorer.TestedPosition;
import io.freshet.replay.report.Report.ReportSection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sums up what a replay put out, in whatever order it comes. Verdicts and evaluations count in the
 * report window of the newest row that they cover.
 *
 * <p>Used in three steps: all outputs, then all rows in file order, then {@link #build}.
 */
public final class ReportBuilder {

    private final Timetable timetable;
    private final ReportWindows windows;
    private final ProtocolScorer scorer;
    private final List<ReportTally> tallies = new ArrayList<>();
    private final ReportTally all = new ReportTally();
    private final Ranks ranks = Ranks.none();
    private final int firstWindow;

    /**
     * @param rows which are tested; none was added yet
     */
    public ReportBuilder(Timetable timetable, ReportWindows windows, TestedRows rows) {
        this.timetable = timetable;
        this.windows = windows;
        this.scorer = new ProtocolScorer(timetable.half(), rows);
        this.firstWindow = windows.of(timetable.half());
        for (int window = firstWindow; window < windows.count(); window++) {
            tallies.add(new ReportTally());
        }
    }

    /** Takes a list that answers a probe. */
    public void add(Prediction prediction) {
        scorer.predicted(prediction);
        tally(prediction.position()).served(prediction.servedAt());
    }

    /** Takes the verdict on a training window; the base version's announcement is left out. */
    public void add(ModelCheckpoint checkpoint) {
        if (checkpoint.window() == 0) {
            return;
        }
        tally(timetable.lastBefore(checkpoint.windowEnd())).training(checkpoint);
        all.training(checkpoint);
    }

    /** Takes an evaluation; those of lists are left out, as lists are scored here. */
    public void add(Evaluation evaluation) {
        tally(timetable.lastBefore(evaluation.timestamp())).evaluated(evaluation);
        all.evaluated(evaluation);
    }

    /** Takes a predicted response to an exposure at a tested position. */
    public void add(PredictedResponse response) {
        tally(Math.toIntExact(response.offset())).responded(response);
        all.responded(response);
    }

    /** Takes the next row. */
    public void add(Interaction row) {
        TestedPosition tested = scorer.row(row);
        if (tested != null) {
            tally(tested.position()).tested(tested);
            all.tested(tested);
            ranks.add(tested);
        }
    }

    /** The ranks at the tested positions, once all rows were taken. */
    public Ranks ranks() {
        return ranks;
    }

    /**
     * The report.
     *
     * @param settings what was replayed and how, by name
     * @param warnings what to look at before trusting a figure
     * @param seconds wall-clock seconds by phase
     * @param startedAt when the first row was sent, milliseconds since the epoch
     */
    public Report build(
            Map<String, String> settings,
            List<String> warnings,
            Map<String, Double> seconds,
            long startedAt) {
        List<ReportSection> stretches = new ArrayList<>();
        long from = startedAt;
        for (int index = 0; index < tallies.size(); index++) {
            int window = firstWindow + index;
            ReportTally tally = tallies.get(index);
            long until = Math.max(from, tally.servedUntil());
            stretches.add(
                    tally.stretch(windows.start(window), windows.start(window + 1), until - from));
            from = until;
        }
        return new Report(
                settings,
                warnings,
                scorer.problem().orElse(Report.KEPT),
                seconds,
                stretches,
                all.stretch(timetable.half(), timetable.rows(), from - startedAt));
    }

    private ReportTally tally(int position) {
        int window = windows.of(Math.max(position, 0));
        return tallies.get(Math.max(window - firstWindow, 0));
    }
}
