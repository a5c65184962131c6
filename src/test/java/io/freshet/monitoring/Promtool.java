package io.freshet.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Prometheus' own checks, by its {@code promtool} (Debian's package {@code prometheus}). */
public final class Promtool {

    private Promtool() {}

    /** Fails with what promtool says unless it is content. */
    static void check(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(require("promtool").toString()));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s says:%n%s", line, output).isZero();
    }

    /**
     * A program of Prometheus. The test is skipped where it is not installed, but in CI, which
     * installs it, that is a failure.
     */
    public static Path require(String program) {
        Optional<Path> found = find(program);
        if (found.isEmpty() && System.getenv("CI") == null) {
            assumeThat(found).as("%s, apt-get install prometheus", program).isPresent();
        }
        return found.orElseThrow(
                () ->
                        new AssertionError(
                                program + " is not on the PATH: apt-get install prometheus"));
    }

    private static Optional<Path> find(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
