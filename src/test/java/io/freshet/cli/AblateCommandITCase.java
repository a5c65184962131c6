package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.replay.TestingHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblateCommandITCase {

    private static final int ROWS = 400;
    private static final long MINUTE = 60_000;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory;

    @Test
    void replaysEveryVariantFromOneBaseAndComparesThem() throws IOException {
        TestingHistory.write(directory, ROWS, 20, 30, MINUTE);

        assertThat(ablate()).as(err.toString()).isZero();

        JsonNode report =
                new ObjectMapper().readTree(directory.resolve("out/ablations.json").toFile());
        List<String> names = new ArrayList<>();
        for (JsonNode variant : report.at("/variants")) {
            String name = variant.at("/variant").asText();
            names.add(name);
            assertThat(variant.at("/protocol").asText()).as(name).isEqualTo("kept");
            assertThat(variant.at("/lists/tested").asInt()).as(name).isEqualTo(tested(report));
            assertThat(directory.resolve("out/" + name + "/report.json")).exists();
        }
        assertThat(names)
                .containsExactly(
                        "full",
                        "large-alone",
                        "small-alone",
                        "no-text",
                        "no-replay",
                        "frozen",
                        "head-only",
                        "ten-updates");
        assertThat(difference(report, 0)).isZero();
        assertThat(difference(report, 1)).isNotZero();
        assertThat(versions(report, 0)).isPositive();
        assertThat(versions(report, 2)).as("small-alone").isZero();
        assertThat(versions(report, 5)).as("frozen").isZero();
        assertThat(manifest("frozen")).hasBinaryContent(Files.readAllBytes(manifest("full")));
        assertThat(Files.readAllBytes(manifest("no-text")))
                .isNotEqualTo(Files.readAllBytes(manifest("full")));
        assertThat(out.toString()).contains("vs full", "ten-updates");
        assertThat(directory.resolve("out/ablations.md")).exists();
    }

    private int ablate() {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("ablate", "--stride", "2", "--output", path("out")));
        arguments.addAll(List.of("--interactions", path("interactions.csv.gz")));
        arguments.addAll(List.of("--items", path("items.csv")));
        arguments.addAll(List.of("-O", "training.min-interactions=60"));
        arguments.addAll(List.of("-O", "training.pretrain-epochs=3", "-O", "model.width=16"));
        arguments.addAll(List.of("-O", "encoder.enabled=false")); // eight replays in little time
        return Freshet.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
    }

    private static int tested(JsonNode report) {
        return report.at("/variants/0/lists/tested").asInt();
    }

    private static double difference(JsonNode report, int variant) {
        return report.at("/variants/" + variant + "/ndcg10/mean").asDouble();
    }

    private static int versions(JsonNode report, int variant) {
        return report.at("/variants/" + variant + "/versions").asInt();
    }

    private Path manifest(String variant) {
        return directory.resolve("out/" + variant + "/models/1/manifest.json");
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }
}
