package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.model.RecommenderModel;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.replay.TestingHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the store that a replay leaves: some versions, and the updates since each. */
class ModelsCommandITCase {

    private static final int ROWS = 600;
    private static final long MINUTE = 60_000;

    @TempDir private static Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path target;

    @BeforeAll
    static void replay() throws IOException {
        TestingHistory.write(directory, ROWS, 20, 30, MINUTE);
        int code =
                Freshet.commandLine()
                        .setOut(new PrintWriter(new StringWriter()))
                        .execute(
                                "replay",
                                "--interactions",
                                directory.resolve("interactions.csv.gz").toString(),
                                "--items",
                                directory.resolve("items.csv").toString(),
                                "--output",
                                directory.resolve("replay").toString(),
                                "-O",
                                "training.min-interactions=30",
                                "-O",
                                "training.updates-per-version=3",
                                "-O",
                                "training.pretrain-epochs=1",
                                "-O",
                                "encoder.enabled=false",
                                "-O",
                                "model.width=16");
        assertThat(code).isZero();
    }

    @Test
    void listsVersionsAndShowsEachWithItsUpdates() throws IOException {
        JsonNode listed = json("list");
        assertThat(listed).hasSizeGreaterThan(2);
        assertThat(listed.at("/0/version").asLong()).isEqualTo(1);
        assertThat(listed.at("/1/parent").asLong()).isEqualTo(1);
        assertThat(listed.at("/0/updates").asInt()).isEqualTo(3);
        assertThat(listed.at("/0/bytes").asLong()).isPositive();

        JsonNode shown = json("show", "1");
        assertThat(shown.at("/updates")).hasSize(3);
        assertThat(shown.at("/manifest/version").asLong()).isEqualTo(1);
        assertThat(shown.at("/fingerprint").asText()).hasSize(64);

        assertThat(models("list")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("trained through").contains("\n1 ");
        assertThat(models("show", "1")).isZero();
        assertThat(out.toString()).contains("saved_model.pb", "pre-trained");
        assertThat(models("show", "77")).isOne();
        assertThat(err.toString()).contains("No version 77 in");
    }

    @Test
    void verifiesVersionsAndUpdatesAndNamesTheDamagedOne() throws IOException {
        assertThat(models("verify")).as(out.toString()).isZero();
        assertThat(out.toString()).contains("version 1, update ").doesNotContain("damaged");

        Path copy = directory.resolve("replay/models/1/vocabulary.txt");
        String sound = Files.readString(copy);
        Files.writeString(copy, sound.replaceFirst("i", "j"));
        try {
            assertThat(models("verify", "1")).isOne();
            assertThat(out.toString()).contains("vocabulary.txt is damaged");
        } finally {
            Files.writeString(copy, sound);
        }
        assertThat(models("verify", "1")).isZero();
    }

    @Test
    void saysWhatAModelOfAnotherMakeLacks() throws IOException {
        Path model = directory.resolve("replay/models/1");
        assertThat(freshet("models", "verify", "--directory", model.toString())).isZero();

        assertThat(freshet("models", "verify", "--directory", target.toString())).isOne();
        assertThat(out.toString()).contains(target.toString());
    }

    @Test
    void comparesTwoVersions() throws IOException {
        JsonNode same = json("diff", "1", "1");
        assertThat(same.at("/similarity").asDouble()).isCloseTo(1, within());
        assertThat(same.at("/added")).isEmpty();

        JsonNode changed = json("diff", "1", "2");
        assertThat(changed.at("/similarity").asDouble()).isBetween(0.5, 0.99999);
        assertThat(models("diff", "1", "2")).isZero();
        assertThat(out.toString()).contains("mean cosine of the others");
    }

    @Test
    void exportsAVersionAndTheLiveModelAfterAnUpdate() throws IOException {
        long last = json("show", "1").at("/updates/2/update").asLong();
        Path version = target.resolve("version");
        Path updated = target.resolve("updated");
        assertThat(models("export", "1", version.toString())).as(err.toString()).isZero();
        assertThat(models("export", "1", updated.toString(), "--update", "" + last))
                .as(err.toString())
                .isZero();

        assertThat(version.resolve("vocabulary.txt"))
                .hasSameTextualContentAs(directory.resolve("replay/models/1/vocabulary.txt"));
        assertThat(vectors(version)).isEqualTo(vectors(directory.resolve("replay/models/1")));
        assertThat(vectors(updated))
                .as("version 2 is version 1 with its updates")
                .isEqualTo(vectors(directory.resolve("replay/models/2")));

        assertThat(models("export", "1", version.toString())).isOne();
        assertThat(err.toString()).contains("has files, expected an empty directory");
        assertThat(models("export", "1", target.resolve("no").toString(), "--update", "999"))
                .isOne();
        assertThat(err.toString()).contains("No update 999 of version 1");
    }

    @Test
    void makesACompletionScript() {
        assertThat(freshet("generate-completion")).isZero();
        assertThat(out.toString()).contains("complete -F _complete_freshet", "rollback");
    }

    private static float[] vectors(Path model) throws IOException {
        try (RecommenderModel loaded = new TensorFlowModelRuntime().load(model)) {
            return loaded.itemVectors();
        }
    }

    private static Offset<Double> within() {
        return Offset.offset(1e-6);
    }

    private JsonNode json(String command, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        out.getBuffer().setLength(0);
        assertThat(models(command, all.toArray(String[]::new))).as(err.toString()).isZero();
        return Objects.requireNonNull(new ObjectMapper().readTree(out.toString()));
    }

    private int models(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of("models", command));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--store", directory.resolve("replay/models").toString()));
        return freshet(all.toArray(String[]::new));
    }

    private int freshet(String... arguments) {
        return Freshet.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
