package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.cluster.BuiltJars;
import io.freshet.cluster.ChildJvm;
import io.freshet.cluster.RunDirectory;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
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
    void lists_come_within_a_minute_and_the_frozen_model_falls_behind_within_three(
            TestReporter figures) throws Exception {
        List<String> arguments = List.of("demo", "--duration", GAP.toSeconds() + "s");
        try (ChildJvm demo =
                ChildJvm.startJar(
                        "demo",
                        BuiltJars.commandLine(),
                        arguments,
                        RunDirectory.create("promise"))) {
            assertThat(demo.await()).as(demo.output()).isZero();
            String output = demo.output();
            assertThat(FIRST.matcher(output).results())
                    .as(output)
                    .isNotEmpty()
                    .extracting(first -> Double.valueOf(first.group(1)))
                    .allMatch(seconds -> seconds < FIRST_LIST.toSeconds());
            List<MatchResult> lines = LINE.matcher(output).results().toList();
            assertThat(lines).as(output).isNotEmpty();
            MatchResult last = lines.get(lines.size() - 1);
            figures.publishEntry(last.group());

            assertThat(number(last, 1) / number(last, 2))
                    .as(last.group())
                    .isGreaterThanOrEqualTo(VISIBLE);
        }
    }

    private static double number(MatchResult line, int group) {
        return Double.parseDouble(line.group(group));
    }
}
