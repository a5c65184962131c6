package io.freshet.replay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.event.Evaluation;
import io.freshet.event.Evaluation.Subject;
import io.freshet.event.Interaction;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.RecommendedItem.Source;
import io.freshet.replay.input.ProtocolRows;
import io.freshet.replay.input.Timetable;
import io.freshet.replay.report.ProtocolScorer.TestedPosition;
import io.freshet.replay.report.Report.ColdStart;
import io.freshet.replay.report.Report.ModelFigures;
import io.freshet.replay.report.Report.RankFigures;
import io.freshet.replay.report.Report.ReportSection;
import io.freshet.replay.report.Report.SourceShare;
import io.freshet.replay.report.Report.Trainings;
import io.freshet.replay.report.ReportTally.ColdStartTally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportBuilderTest {

    private static final int ROWS = 40;
    private static final int WINDOWS = 4;
    private static final long STARTED_AT = 5_000;

    private final ReportBuilder builder =
            new ReportBuilder(
                    new Timetable(
                            LongStream.range(0, ROWS).map(j -> 100 * j).toArray(),
                            Map.of(),
                            Map.of()),
                    new ReportWindows(ROWS, WINDOWS),
                    new TestedRows(TestingRows.config(ROWS / 2, 10, false), ProtocolRows.ALL));

    @TempDir private Path directory;

    @Test
    void reportsTheWindowsFromHalfOn() {
        Report report = report();

        assertThat(report.windows())
                .extracting(ReportSection::first, ReportSection::end)
                .containsExactly(tuple(20, 30), tuple(30, 40));
        assertThat(report.all().first()).isEqualTo(20);
        assertThat(report.all().end()).isEqualTo(40);
    }

    @Test
    void scoresListsAndTakesTimeFromThem() {
        builder.add(prediction(30, "x", Source.MODEL, STARTED_AT + 3_500));
        builder.add(prediction(20, "i", Source.MODEL, STARTED_AT + 1_000));

        Report report = report();

        assertThat(report.protocol()).isEqualTo("position 30: item x had not occurred yet");
        assertThat(report.windows().get(0).lists()).isEqualTo(new RankFigures(1, 1, 1, 1));
        assertThat(report.windows().get(1).lists()).isEqualTo(new RankFigures(1, 0, 0, 0));
        assertThat(report.windows()).extracting(ReportSection::seconds).containsExactly(1.0, 2.5);
        assertThat(report.all().lists().hr10()).isEqualTo(0.5);
        assertThat(report.all().seconds()).isEqualTo(3.5);
    }

    @Test
    void countsEntriesAndHitsByWhatSpokeMostForThem() {
        builder.add(prediction(20, "i", Source.TRANSITION, STARTED_AT));
        builder.add(prediction(30, "x", Source.TRANSITION, STARTED_AT));

        Report report = report();

        assertThat(report.all().sources())
                .contains(
                        new SourceShare(Source.TRANSITION, 2, 1),
                        new SourceShare(Source.MODEL, 0, 0));
        assertThat(report.windows().get(1).sources())
                .contains(new SourceShare(Source.TRANSITION, 1, 0));
    }

    @Test
    void positionsOfItemsAndUsersOfWhichLittleWasKnownHaveFiguresOfTheirOwn() {
        ColdStartTally tally = new ColdStartTally();
        tally.add(tested(1, 4, true, 3));
        tally.add(tested(0, 5, true, 3));
        tally.add(tested(0, 4, false, 2));
        tally.add(tested(1, 5, false, 1));

        ColdStart figures = tally.figures();

        assertThat(figures.rareItems()).isEqualTo(new RankFigures(2, 0.5, 0.5, 0.5));
        assertThat(figures.newItems())
                .as("an item that is not rare any more is not new")
                .isEqualTo(new RankFigures(1, 0, 0, 0));
        assertThat(figures.newUsers()).isEqualTo(new RankFigures(2, 0.5, 0.5, 0.5));
    }

    @Test
    void keepsTheRanksOfAllTestedPositions() {
        builder.add(prediction(30, "x", Source.MODEL, STARTED_AT));
        builder.add(prediction(20, "i", Source.MODEL, STARTED_AT));
        report();

        assertThat(builder.ranks()).isEqualTo(new Ranks(List.of(20, 30), List.of(1, 0)));
    }

    @Test
    void anEvaluationCountsInTheWindowOfItsNewestRowByItsPositions() {
        builder.add(evaluation(Subject.LIVE_MODEL, 2_500, 10, 4, 0.2f));
        builder.add(evaluation(Subject.LIVE_MODEL, 3_000, 30, Float.NaN, 0.4f));
        builder.add(evaluation(Subject.LIVE_MODEL, 3_001, 5, 3, 0.1f));
        builder.add(evaluation(Subject.FROZEN_MODEL, 3_000, 10, 6, 0.05f));
        builder.add(evaluation(Subject.LISTS, 3_000, 10, Float.NaN, 1));

        Report report = report();

        ModelFigures model = report.windows().get(0).model();
        assertThat(model.positions()).isEqualTo(40);
        assertThat(model.hr10()).isCloseTo((10 * 0.2 + 30 * 0.4) / 40, within(1e-6));
        assertThat(model.loss()).as("a loss that is not known does not count").isEqualTo(4);
        assertThat(report.windows().get(0).frozen().hr10()).isCloseTo(0.05, within(1e-6));
        assertThat(report.windows().get(1).model().positions()).isEqualTo(5);
        assertThat(report.windows().get(1).frozen().hr10()).isNull();
        assertThat(report.all().model().positions()).isEqualTo(45);
    }

    @Test
    void verdictsCountInTheWindowOfTheirNewestRow() {
        builder.add(checkpoint(3, Verdict.PROMOTED, 2_900, 100, 2));
        builder.add(checkpoint(2, Verdict.PROMOTED, 2_500, 300, 4));
        builder.add(checkpoint(3, Verdict.REJECTED, 3_500, 100, 5));
        builder.add(checkpoint(3, Verdict.FAILED, Long.MAX_VALUE, 0, Float.NaN));
        builder.add(checkpoint(3, Verdict.UPDATED, 3_600, 0, Float.NaN));
        builder.add(checkpoint(3, Verdict.HELD, 3_700, 0, Float.NaN));
        builder.add(checkpoint(3, Verdict.ROLLED_BACK, 3_800, 0, Float.NaN));

        Report report = report();

        Trainings first = report.windows().get(0).trainings();
        assertThat(first).isEqualTo(new Trainings(2, List.of(2L, 3L), 0, 0, 0, 0, 400, 3.5, 3));
        Trainings second = report.windows().get(1).trainings();
        assertThat(second).isEqualTo(new Trainings(5, List.of(), 1, 1, 1, 1, 100, 5.0, 7.5));
        assertThat(report.all().trainings().promoted()).containsExactly(2L, 3L);
    }

    @Test
    void theBaseVersionIsNoVerdictOnAWindow() {
        builder.add(
                new ModelCheckpoint(
                        1,
                        0,
                        Verdict.PROMOTED,
                        "base version",
                        "",
                        0,
                        0,
                        1_900,
                        0,
                        0,
                        0,
                        Float.NaN,
                        Float.NaN,
                        Float.NaN,
                        0,
                        List.of(),
                        0,
                        null));

        assertThat(report().all().trainings().promoted()).isEmpty();
    }

    @Test
    void writesJsonForProgramsAndAnAlignedTableForPeople() throws IOException {
        builder.add(prediction(20, "i", Source.MODEL, STARTED_AT));
        builder.add(prediction(30, "i", Source.MODEL, STARTED_AT));
        builder.add(evaluation(Subject.LIVE_MODEL, 2_500, 10, 4, 0.25f));

        ReportFiles.write(directory, report());

        JsonNode json = new ObjectMapper().readTree(directory.resolve("report.json").toFile());
        assertThat(json.at("/protocol").asText()).isEqualTo("kept");
        assertThat(json.at("/settings/seed").asText()).isEqualTo("42");
        assertThat(json.at("/windows/0/lists/hr10").asDouble()).isEqualTo(1);
        assertThat(json.at("/windows/0/model/hr10").asDouble()).isEqualTo(0.25);
        assertThat(json.at("/windows/0/model/accuracy").asDouble()).isEqualTo(0.125);
        assertThat(json.at("/windows/0/model/mse").isNull()).isTrue();
        assertThat(json.at("/windows/1/model/hr10").isNull()).isTrue();
        assertThat(json.at("/all/lists/tested").asInt()).isEqualTo(2);
        String markdown = Files.readString(directory.resolve("report.md"));
        assertThat(markdown)
                .contains("- seed: 42")
                .contains("- warning: look here")
                .contains("- protocol P: kept");
        assertThat(json.at("/warnings/0").asText()).isEqualTo("look here");
        List<String> table = markdown.lines().filter(line -> line.startsWith("|")).toList();
        List<String> windows = table.subList(0, 5);
        assertThat(windows).extracting(String::length).containsOnly(table.get(0).length());
        assertThat(windows.get(2)).contains("20-29").contains("0.2500");
        assertThat(table)
                .anyMatch(line -> line.matches("\\| +items with < 5 interactions \\| +0 \\| +- .*"))
                .anyMatch(line -> line.matches("\\| +model \\| +2 \\| +2 \\| +1.000 \\|"));
        assertThat(json.at("/all/coldStart/rareItems/tested").asInt()).isZero();
        assertThat(json.at("/all/sources/0/source").asText()).isEqualTo("MODEL");
    }

    private static Prediction prediction(int position, String item, Source source, long servedAt) {
        return new Prediction(position, List.of(item), 1, position - 1L, servedAt, List.of(source));
    }

    private Report report() {
        for (int position = 0; position < ROWS; position++) {
            builder.add(
                    new Interaction("" + position, "u", "i", "click", Float.NaN, 0, 0, position));
        }
        return builder.build(
                Map.of("seed", "42"), List.of("look here"), Map.of("replay", 3.5), STARTED_AT);
    }

    private static TestedPosition tested(int rank, int itemRows, boolean itemInBase, int userRows) {
        return new TestedPosition(
                prediction(20, "i", Source.MODEL, 0), rank, itemRows, itemInBase, userRows);
    }

    private static Evaluation evaluation(
            Subject subject, long timestamp, int positions, float loss, float hitRate) {
        return new Evaluation(
                subject, 1, 1, timestamp, positions, loss, hitRate, 0, 0, hitRate / 2, Float.NaN);
    }

    private static ModelCheckpoint checkpoint(
            long version, Verdict verdict, long windowEnd, int targets, float loss) {
        return new ModelCheckpoint(
                version, 1, verdict, "", "", 1, 0, windowEnd, 0, 0, targets, loss, 0, 0, 1_500,
                List.of(), 1, null);
    }
}
