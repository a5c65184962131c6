package io.freshet.replay.input;

import static io.freshet.replay.TestingHistory.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import io.freshet.config.ResponseConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.replay.input.csv.CsvFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputChecksTest {

    private static final String SOUND = "u,a,click,,10\nu,b,click,,20\n";

    private final Configuration options = new Configuration().set(IngestConfig.EARLIEST, 0L);

    @TempDir private Path directory;

    @Test
    void soundFilesHaveNoWarning() throws IOException {
        assertThat(warnings(SOUND, "a", "b", "never chosen")).isEmpty();
    }

    @Test
    void rowsThatAreAllExposuresAreRefused() {
        options.set(FeedbackConfig.EXPOSURE_TYPES, List.of("impression", "view"));

        assertThatThrownBy(() -> warnings("u,a,impression,,10\nu,b,view,,20\n", "a", "b"))
                .isInstanceOf(CsvFormatException.class)
                .hasMessageContaining("all 2 rows are exposures")
                .hasMessageContaining("feedback.exposure-types: impression,view");
    }

    @Test
    void aTypeThatIsNeverSeenIsWarnedOf() throws IOException {
        options.set(FeedbackConfig.EXPOSURE_TYPES, List.of("impresion", "view"));
        options.set(ResponseConfig.TYPES, List.of("clik"));

        assertThat(warnings(SOUND + "u,b,view,,30\n", "a", "b"))
                .containsExactly(
                        "no row is of type impresion, which feedback.exposure-types names; found"
                                + " [click, view]",
                        "no row is of type clik, which response.types names; found [click, view]");
    }

    @Test
    void rowsThatAreAllRejectionsAreRefused() {
        options.set(FeedbackConfig.NEGATIVE_TYPES, List.of("return"));

        assertThatThrownBy(() -> warnings("u,a,return,,10\nu,b,return,,20\n", "a", "b"))
                .isInstanceOf(CsvFormatException.class)
                .hasMessageContaining("all 2 rows are exposures or rejections")
                .hasMessageContaining("feedback.negative-types: return");
    }

    @Test
    void whereWeightsAreGivenTypesThatNoOptionNamesAreWarnedOf() throws IOException {
        options.set(FeedbackConfig.NEGATIVE_TYPES, List.of("return"));
        String rows = SOUND + "u,b,view,,30\nu,b,return,,40\n";
        assertThat(warnings(rows, "a", "b")).isEmpty();

        options.set(FeedbackConfig.WEIGHTS, Map.of("view", "0", "cart", "0.5"));

        assertThat(warnings(rows, "a", "b"))
                .containsExactly(
                        "no row is of type cart, which feedback.weights names; found"
                                + " [click, return, view]",
                        "rows of 1 type(s), such as click, which no option names, count with"
                                + " feedback.default-weight = 1.0");
    }

    @Test
    void itemsWithoutACatalogRowAreCounted() throws IOException {
        assertThat(warnings("u,0108,click,,10\nu,0109,click,,20\nu,x,click,,30\n", "108", "x"))
                .containsExactly(
                        "2 of 3 items have no catalog row, such as '0108'; the catalog has ids such"
                                + " as '108'");
    }

    @Test
    void rowsOfOneMomentAreWarnedOf() throws IOException {
        assertThat(warnings("u,a,click,,10\nu,a,click,,10\n", "a"))
                .singleElement()
                .asString()
                .startsWith("all 2 rows are of one moment, 1970-01-01T00:00:00.010Z");
    }

    @Test
    void ratingsBeyondTheScaleAreRefusedWhereALossNeedsOne() throws IOException {
        String rows = "u,a,rating,47,10\nu,b,click,,20\nu,b,rating,5,30\n";
        assertThat(warnings(rows, "a", "b")).isEmpty();

        options.set(TrainingConfig.Objective.LOSS, TrainingConfig.Loss.MSE);

        assertThatThrownBy(() -> warnings(rows, "a", "b"))
                .isInstanceOf(CsvFormatException.class)
                .hasMessageContaining(
                        "1 of 2 ratings lie outside 1.0 to 5.0, found 5.0 to 47.0; set"
                                + " training.rating-min");
        options.set(TrainingConfig.Objective.RATING_MAX, 47f);
        assertThat(warnings(rows, "a", "b")).isEmpty();
        assertThatThrownBy(() -> warnings(SOUND, "a", "b"))
                .hasMessageContaining("no row has a rating, which training.loss = mse trains on");
    }

    private List<String> warnings(String rows, String... catalog) throws IOException {
        Path path = Files.writeString(directory.resolve("rows.csv"), HEADER + rows);
        FreshetConfig config = FreshetConfig.from(options);
        InteractionsFile file = new InteractionsFile(path, config.ingest(), Clock.systemUTC());
        return new InputChecks(file, file.scan(), new TreeSet<>(List.of(catalog)), config)
                .warnings();
    }
}
