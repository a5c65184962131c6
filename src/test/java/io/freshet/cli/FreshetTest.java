package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.cli.Freshet.Problem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class FreshetTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine freshet =
            Freshet.commandLine()
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true));

    @Test
    void helpNamesEveryCommand() {
        assertThat(freshet.execute("--help")).isZero();
        assertThat(out.toString()).contains("freshet", "demo", "replay", "ablate", "pretrain");
    }

    @Test
    void tellsItsVersion() {
        assertThat(freshet.execute("--version")).isZero();
        assertThat(out.toString()).startsWith("freshet ");
    }

    @Test
    void theDemoNeedsBothFilesOrNone() {
        assertThat(freshet.execute("demo", "--interactions", "x.csv")).isEqualTo(2);
        assertThat(err.toString()).contains("--interactions and --items come together");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "0.009", "NaN", "Infinity"})
    void aSpeedUpThatNothingCanBeSentAtIsMisuse(String speedUp) {
        assertThat(demoOfFiles("--speed-up", speedUp)).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "--speed-up: found", "expected a number of at least 0.01; 1 is real time");
    }

    @Test
    void theGeneratedShopHasNoSpeedUp() {
        assertThat(freshet.execute("demo", "--speed-up", "60")).isEqualTo(2);
        assertThat(err.toString()).contains("--speed-up is for files", "use --rate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "NaN", "Infinity"})
    void aRateThatNothingCanBeSentAtIsMisuse(String rate) {
        assertThat(freshet.execute("demo", "--rate", rate)).isEqualTo(2);
        assertThat(err.toString()).contains("--rate: found", "expected a number above 0");
    }

    @Test
    void aDurationThatIsNoneIsMisuse() {
        assertThat(freshet.execute("demo", "--duration", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("'soon' is no duration such as 90s or 5min");
    }

    @Test
    void anUnknownJobOptionIsRefusedBeforeAnythingStarts() {
        assertThat(freshet.execute("demo", "-O", "training.epoch=3")).isEqualTo(1);
        assertThat(err.toString()).contains("training.epoch", "did you mean training.epochs?");
    }

    @Test
    void theGatewayListensBeyondLoopbackOnlyWithAToken() {
        assertThat(freshet.execute("serve", "--host", "0.0.0.0")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--host: found 0.0.0.0, which other machines reach", "--token-file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port 65536",
                "--timeout 1ms",
                "--timeout soon",
                "--max-waiting 0",
                "--newest-lists -1",
                "--isolation none"
            })
    void anOptionOfTheGatewayThatIsOutOfRangeIsMisuse(String option) {
        assertThat(freshet.execute(("serve " + option).split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(option.split(" ")[0]);
    }

    @Test
    void aTokenFileThatIsMissingIsNamed() {
        assertThat(freshet.execute("serve", "--token-file", "/no/such")).isEqualTo(1);
        assertThat(err.toString()).contains("--token-file: found no file /no/such");
    }

    @Test
    void aProblemIsToldWithItsCausesAndWithoutRepeats() {
        Exception cause = new NoSuchFileException("/no/such");
        Exception problem =
                new IllegalStateException("The job failed", new RuntimeException(cause));
        assertThat(Problem.text(problem))
                .isEqualTo("The job failed\n  because: NoSuchFileException: /no/such");
    }

    private int demoOfFiles(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("demo", "--interactions", "x.csv", "--items", "y.csv"));
        arguments.addAll(List.of(more));
        return freshet.execute(arguments.toArray(String[]::new));
    }
}
