package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.demo.view.Dashboard;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DemoScreenTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DemoScreen screen =
            new DemoScreen(
                    new Terminal(
                            new PrintStream(bytes, true, StandardCharsets.UTF_8),
                            StandardCharsets.UTF_8,
                            false),
                    new Dashboard(() -> 0));

    @Test
    void saysThatItStopsBeforeTheLastPicture() {
        screen.stopping();
        assertThat(printed()).contains("stopping …").doesNotContain("stopped");
        screen.close();
        assertThat(printed()).contains("Freshet demo 0:00:00  stopped", "HR@10");
    }

    @Test
    void saysItOnceWhoeverEndsIt() {
        screen.stopping();
        screen.close();
        String once = printed();
        screen.stopping();
        screen.close();
        assertThat(printed()).isEqualTo(once);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
