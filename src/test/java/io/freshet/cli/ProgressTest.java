package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.training.version.PretrainingProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** A test's standard error is no terminal. */
@ResourceLock(Resources.SYSTEM_ERR)
class ProgressTest {

    @Test
    void printsPlainLinesWhereNothingCanBeRedrawn() {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try (Progress progress = new Progress()) {
            progress.accept(new PretrainingProgress(1, 2, 5, 5, 3.5f, 3.25f, 0.25f));
            progress.started(40);
            progress.ended();
        } finally {
            System.setErr(before);
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("base model: 5 of 10, pass 1, loss 3.500, HR@10 0.2500\n")
                .contains("rows: 40 of 40\n")
                .doesNotContain("\r", "\u001b", "█");
    }
}
