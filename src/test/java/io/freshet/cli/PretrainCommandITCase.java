package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.model.RecommenderModel;
import io.freshet.model.ScoringBatch;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.replay.TestingHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;

class PretrainCommandITCase {

    private static final int ROWS = 300;
    private static final long MINUTE = 60_000;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory;

    @BeforeEach
    void writeHistory() throws IOException {
        TestingHistory.write(directory, ROWS, 20, 30, MINUTE);
    }

    @Test
    void writesTheBaseVersionOnce() throws IOException {
        assertThat(pretrain("interactions.csv.gz")).as(err.toString()).isZero();

        JsonNode manifest =
                new ObjectMapper().readTree(directory.resolve("store/1/manifest.json").toFile());
        assertThat(manifest.at("/version").asLong()).isEqualTo(1);
        assertThat(manifest.at("/parent").asLong()).isZero();
        assertThat(manifest.at("/trained_through").asLong())
                .isBetween(TestingHistory.START, TestingHistory.START + ROWS * MINUTE);
        assertThat(directory.resolve("store/1/saved_model.pb")).exists();
        assertThat(out.toString()).contains("store/1");

        assertThat(pretrain("interactions.csv.gz")).isEqualTo(1);
        assertThat(err.toString()).contains("has versions [1], expected none");
    }

    /** As TensorFlow Serving does: by tag and signature, through nothing of Freshet's. */
    @Test
    void plainTensorFlowServesTheBase() throws IOException {
        assertThat(pretrain("interactions.csv.gz")).as(err.toString()).isZero();
        Path version = directory.resolve("store/1");
        List<String> vocabulary = Files.readAllLines(version.resolve("vocabulary.txt"));

        try (SavedModelBundle bundle = SavedModelBundle.load(version.toString(), "serve");
                TInt32 items = TInt32.tensorOf(StdArrays.ndCopyOf(new int[][] {{1, 2}}));
                TInt32 candidates = TInt32.tensorOf(Shape.of(1, 0));
                TInt32 top = TInt32.scalarOf(5);
                Result served =
                        bundle.function("serving_default")
                                .call(
                                        Map.of(
                                                "items",
                                                items,
                                                "candidates",
                                                candidates,
                                                "top",
                                                top));
                RecommenderModel model = new TensorFlowModelRuntime(1).load(version)) {
            TString ids = (TString) served.get("top_item_ids").orElseThrow();
            int[] rows =
                    model.score(new ScoringBatch(1, 2, new int[] {1, 2}, 0, new int[0], 5))
                            .topRows();

            assertThat(rows).hasSize(5).doesNotHaveDuplicates();
            for (int place = 0; place < rows.length; place++) {
                assertThat(ids.getObject(0, place)).isEqualTo(vocabulary.get(rows[place] - 1));
            }
        }
    }

    @Test
    void aBaseCanTrainLayersOfTheTextEncoder() throws IOException {
        String[] unfrozen = {"-O", "encoder.unfreeze-layers=1", "-O", "encoder.max-tokens=8"};
        assertThat(pretrain("interactions.csv.gz", unfrozen)).as(err.toString()).isZero();

        JsonNode manifest =
                new ObjectMapper().readTree(directory.resolve("store/1/manifest.json").toFile());
        assertThat(manifest.at("/content").asText())
                .isEqualTo("text[3073] by all-MiniLM-L6-v2/8/without-top-1");
        assertThat(manifest.at("/metrics/loss").asDouble()).isPositive();
    }

    @Test
    void namesABrokenRow() throws IOException {
        Files.writeString(
                directory.resolve("broken.csv"),
                TestingHistory.HEADER + "u,i,click,,1600000000000\nu,i,click,,soon\n");

        assertThat(pretrain("broken.csv")).isEqualTo(1);

        assertThat(err.toString())
                .contains("broken.csv, line 3: timestamp_ms: found \"soon\"")
                .doesNotContain("\tat ");
        assertThat(directory.resolve("store")).doesNotExist();
    }

    @Test
    void namesAnUnknownOption() {
        assertThat(pretrain("interactions.csv.gz", "-O", "model.wdth=8")).isEqualTo(1);

        assertThat(err.toString()).contains("did you mean model.width?");
    }

    private int pretrain(String interactions, String... more) {
        List<String> arguments = new ArrayList<>();
        arguments.add("pretrain");
        arguments.addAll(List.of("--interactions", directory.resolve(interactions).toString()));
        arguments.addAll(List.of("--items", directory.resolve("items.csv").toString()));
        arguments.addAll(List.of("--store", directory.resolve("store").toString()));
        arguments.addAll(List.of("-O", "training.pretrain-epochs=2", "-O", "model.width=16"));
        arguments.addAll(List.of(more));
        return Freshet.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
    }
}
