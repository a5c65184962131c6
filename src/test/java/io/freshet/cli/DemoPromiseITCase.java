package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.Figures;
import io.freshet.cluster.BuiltJars;
import io.freshet.cluster.ChildJvm;
import io.freshet.cluster.RunDirectory;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * What the README promises of the demo as it is, on a machine with two cores for it alone: {@code
 * mvn verify -Plong -Dit.test=DemoPromiseITCase}.
 */
@Tag("long")
@EnabledOnOs(OS.LINUX)
class DemoPromiseITCase {

    private static final Duration FIRST_LIST = Duration.ofSeconds(60);
    private static final Duration GAP = Duration.ofSeconds(180);
    private static final double VISIBLE = 1.15;

    private static final Pattern FIRST = Pattern.compile("users, first after ([0-9.]+) s");
    private static final Pattern LINE =
            Pattern.compile("(?m)^\\d:\\d\\d:\\d\\d .*HR@10 live ([0-9.]+), frozen ([0-9.]+),.*$");

    @Test
    void lists_come_within_a_minute_and_the_frozen_model_falls_behind_within_three()
            throws Exception {
        List<String> arguments = List.of("demo", "--duration", GAP.toSeconds() + "s");
        try (ChildJvm demo =
                ChildJvm.startJar(
                        "demo",
                        List.of(),
                        BuiltJars.commandLine(),
                        arguments,
                        RunDirectory.create("promise"))) {
            assertThat(demo.await()).as(demo.output()).isZero();
            String output = demo.output();
            MatchResult first = last(FIRST, output);
            MatchResult line = last(LINE, output);
            Figures.leave(
                    "demo", "First lists after %s s. %s".formatted(first.group(1), line.group()));

            assertThat(number(first, 1)).as(output).isLessThan(FIRST_LIST.toSeconds());
            assertThat(number(line, 1) / number(line, 2))
                    .as(line.group())
                    .isGreaterThanOrEqualTo(VISIBLE);
        }
    }

    private static MatchResult last(Pattern pattern, String output) {
        List<MatchResult> found = pattern.matcher(output).results().toList();
        assertThat(found).as(output).isNotEmpty();
        return found.get(found.size() - 1);
    }

    private static double number(MatchResult line, int group) {
        return Double.parseDouble(line.group(group));
    }
}
