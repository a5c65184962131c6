package io.freshet.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.option.OptionGroup.RangedOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.util.TimeUtils;
import org.junit.jupiter.api.Test;

/**
 * Keeps README's reference of options equal to the options. After a change of options: {@code mvn
 * test -Dtest=OptionsReferenceTest -Dfreshet.docs.update=true}.
 */
class OptionsReferenceTest {

    private static final Path README = Path.of("README.md");
    private static final String BEGIN = "<!-- options: generated, see OptionsReferenceTest -->\n";
    private static final String END = "<!-- end of options -->";

    @Test
    void readmeNamesEveryOptionAsItIs() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        String reference = reference();
        if (Boolean.getBoolean("freshet.docs.update")) {
            Files.writeString(
                    README, readme.substring(0, begin) + reference + readme.substring(end));
        } else {
            assertThat(readme.substring(begin, end)).isEqualTo(reference);
        }
    }

    private static String reference() {
        StringBuilder text =
                new StringBuilder(
                        "| option | default | values | what it is |\n|---|---|---|---|\n");
        for (RangedOption<?> ranged : OptionCatalog.documented()) {
            ConfigOption<?> option = ranged.option();
            text.append("| `")
                    .append(option.key())
                    .append("` | ")
                    .append(quoted(display(option.defaultValue())))
                    .append(" | ")
                    .append(ranged.values())
                    .append(" | ")
                    .append(OptionDescription.of(option))
                    .append(" |\n");
        }
        return text.append("| `")
                .append(OptionCatalog.KAFKA_PROPERTIES_PREFIX)
                .append(
                        "*` | | any | Passed to all Kafka clients as it is, without the prefix. |\n")
                .toString();
    }

    private static String quoted(String value) {
        return value.isEmpty() ? "none" : "`" + value + "`";
    }

    private static String display(Object value) {
        if (value instanceof Duration duration) {
            return TimeUtils.formatWithHighestUnit(duration);
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(OptionsReferenceTest::display)
                    .collect(Collectors.joining(","));
        }
        boolean none = value.equals(Float.NaN) || value.equals(Map.of());
        return none ? "" : String.valueOf(value);
    }

    /** Renders Flink's description blocks as plain text. */
    private static final class OptionDescription {
        static String of(ConfigOption<?> option) {
            return new org.apache.flink.configuration.description.HtmlFormatter()
                    .format(option.description());
        }
    }
}
