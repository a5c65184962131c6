package io.freshet.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import io.freshet.replay.input.ProtocolRows;
import io.freshet.replay.input.csv.CsvFormatException;
import io.freshet.replay.report.Prediction;
import io.freshet.replay.report.Report;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayITCase {

    private static final int ROWS = 600;

    private final List<Interaction> baseRows = new ArrayList<>();
    private final List<CatalogItem> baseItems = new ArrayList<>();
    private final List<String> deletedIn = new ArrayList<>();
    private final ReplayModels models = new TestingModels();
    private final TestingProgress progress = new TestingProgress();

    private ProtocolRows rows = ProtocolRows.ALL;

    @TempDir private Path directory;

    @BeforeEach
    void writeHistory() throws IOException {
        TestingHistory.write(directory, ROWS, 40, 30, 1000);
    }

    @Test
    void predictsEveryTestedPositionTheSameEachTime() throws Exception {
        Report report = replay("out", new Configuration());
        byte[] predictions = Files.readAllBytes(directory.resolve("out/predictions.csv"));
        replay("again", new Configuration());

        assertThat(report.protocol()).isEqualTo(Report.KEPT);
        assertThat(report.all().lists().tested()).isGreaterThan(50);
        assertThat(report.all().lists().hr10()).isGreaterThan(0.2);
        assertThat(directory.resolve("again/predictions.csv")).hasBinaryContent(predictions);
        assertThat(directory.resolve("out")).isDirectoryContaining("glob:**/report.{json,md}");
    }

    @Test
    void makesTheBaseModelOfTheFirstHalfAlone() throws Exception {
        replay("out", new Configuration());

        assertThat(baseRows).hasSize(ROWS / 2);
        assertThat(baseRows).extracting(Interaction::offset).allMatch(offset -> offset < ROWS / 2);
        assertThat(baseItems).isNotEmpty();
        assertThat(deletedIn).containsExactly(directory.resolve("out/models").toUri().toString());
    }

    @Test
    void tellsHowFarItHasComeInBothHalves() throws Exception {
        Report report = replay("out", new Configuration());

        assertThat(progress.phases).containsExactly("base", "rows " + ROWS, "end");
        assertThat(progress.sent).containsExactly(0, 100, 200);
        assertThat(progress.tested).isEqualTo(report.all().lists().tested());
    }

    @Test
    void replacesAnEarlierReplayButNoOtherModels() throws Exception {
        replay("out", new Configuration());
        Path version = Files.createDirectories(directory.resolve("out/models/1"));
        replay("out", new Configuration());
        assertThat(version).doesNotExist();

        Files.createDirectories(directory.resolve("precious/models/1"));
        assertThatThrownBy(() -> replay("precious", new Configuration()))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("not from a replay");
        assertThat(directory.resolve("precious/models/1")).exists();
    }

    @Test
    void exposuresAreNotTestedAndMakeNoBase() throws Exception {
        showEveryThirdRow();

        Report report =
                replay(
                        "out",
                        new Configuration()
                                .set(FeedbackConfig.EXPOSURE_TYPES, List.of("click", "typo")));

        assertThat(report.protocol()).isEqualTo(Report.KEPT);
        assertThat(report.all().lists().tested()).isBetween(20, 110);
        assertThat(baseRows).isNotEmpty().allMatch(row -> row.eventType().equals("purchase"));
        assertThat(progress.warnings)
                .isEqualTo(report.warnings())
                .singleElement()
                .asString()
                .startsWith("no row is of type typo");
        assertThat(directory.resolve("out/report.md")).content().contains("- warning: no row is");
    }

    @Test
    void testsTheTargetsAloneAndKeepsIgnoredRowsOutOfTheBase() throws Exception {
        showEveryThirdRow();

        Report all = replay("all", new Configuration());
        baseRows.clear();
        rows = new ProtocolRows(List.of("purchase"), List.of("click"), Float.NaN);
        Report report = replay("out", new Configuration());

        assertThat(report.protocol()).isEqualTo(Report.KEPT);
        assertThat(report.all().lists().tested())
                .isPositive()
                .isLessThan(all.all().lists().tested());
        assertThat(baseRows).isNotEmpty().allMatch(row -> row.eventType().equals("purchase"));
        assertThat(directory.resolve("out/report.md")).content().contains("[purchase]", "[click]");
    }

    @Test
    void refusesAStrideThatTestsNothing() {
        assertThatThrownBy(() -> replay(ROWS / 2 + 1, new Configuration()))
                .hasMessageContaining("stride: found 301, expected 1 to 300, which is half of");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void refusesAFileOfWhichNoRowIsTested() throws IOException {
        StringBuilder rows = new StringBuilder(TestingHistory.HEADER);
        for (int row = 0; row < 10; row++) {
            rows.append("u%d,i,click,,%d\n".formatted(row, TestingHistory.START + row));
        }
        TestingHistory.gzip(directory.resolve("interactions.csv.gz"), rows.toString());

        assertThatThrownBy(() -> replay("out", new Configuration()))
                .isInstanceOf(CsvFormatException.class)
                .hasMessageContaining("no row would be tested; expected one from row 5 on");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void refusesMoreWindowsThanAReportHasLinesFor() {
        assertThatThrownBy(
                        () ->
                                new ReplaySettings(
                                        directory,
                                        directory,
                                        null,
                                        directory,
                                        false,
                                        ProtocolRows.ALL,
                                        1,
                                        100_000,
                                        new Configuration()))
                .hasMessageContaining("windows: found 100000, expected 1 to 1000");
    }

    @Test
    void refusesOptionsThatTheProtocolSets() {
        Configuration options = new Configuration().set(HistoryConfig.SERVE, true);

        assertThatThrownBy(() -> replay("out", options))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessageContaining("history.serve");
    }

    /** Leaves every third row a click and makes purchases of the others. */
    private void showEveryThirdRow() throws IOException {
        List<String> rows = TestingHistory.gunzip(directory.resolve("interactions.csv.gz"));
        for (int row = 1; row < rows.size(); row += 3) {
            rows.set(row, rows.get(row).replace("click", "purchase"));
            rows.set(row + 1, rows.get(row + 1).replace("click", "purchase"));
        }
        TestingHistory.gzip(
                directory.resolve("interactions.csv.gz"), String.join("\n", rows) + "\n");
    }

    private Report replay(String output, Configuration options) throws Exception {
        return replay(output, 2, options);
    }

    private Report replay(int stride, Configuration options) throws Exception {
        return replay("out", stride, options);
    }

    private Report replay(String output, int stride, Configuration options) throws Exception {
        ReplaySettings settings =
                new ReplaySettings(
                        directory.resolve("interactions.csv.gz"),
                        directory.resolve("items.csv"),
                        null,
                        directory.resolve(output),
                        true,
                        rows,
                        stride,
                        20,
                        options);
        return new Replay(settings, models, new TestingPopularity(), Clock.systemUTC())
                .run(progress)
                .report();
    }

    private final class TestingModels implements ReplayModels {

        @Override
        public void makeBase(
                FreshetConfig config,
                Collection<List<Interaction>> histories,
                List<CatalogItem> items) {
            histories.forEach(baseRows::addAll);
            baseItems.addAll(items);
        }

        @Override
        public void deleteOld(FreshetConfig config) {
            deletedIn.add(config.store().path());
        }
    }

    private static final class TestingProgress implements ReplayProgress {

        private final List<String> phases = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();
        private final List<Integer> sent = new ArrayList<>();
        private int tested;

        @Override
        public void warned(String warning) {
            warnings.add(warning);
        }

        @Override
        public void makingBase() {
            phases.add("base");
        }

        @Override
        public void started(int rows) {
            phases.add("rows " + rows);
        }

        @Override
        public void sent(int position) {
            sent.add(position);
        }

        @Override
        public void tested(Prediction prediction) {
            tested++;
        }

        @Override
        public void ended() {
            phases.add("end");
        }
    }
}
