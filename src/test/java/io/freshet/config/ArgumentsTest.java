package io.freshet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentsTest {

    @Test
    void commandLineWinsOverTheFileWhereverItStands(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("freshet.yaml");
        Files.writeString(file, "history:\n  length: 20\n  pane: 5 min\nkafka.group-id: shop\n");

        Configuration read =
                Arguments.parse("--history.length", "30", "--config=" + file, "--model.heads=4");

        FreshetConfig config = FreshetConfig.from(read);
        assertThat(config.history().length()).isEqualTo(30);
        assertThat(config.history().pane()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.kafka().groupId()).isEqualTo("shop");
        assertThat(config.model().heads()).isEqualTo(4);
    }

    @Test
    void listsInYamlBecomeListOptions(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("freshet.yaml");
        Files.writeString(file, "item:\n  popularity-half-lives: [1 h, 2 d]\n");

        assertThat(FreshetConfig.from(Arguments.parse("--config", file.toString())).item())
                .extracting(ItemConfig::halfLives)
                .isEqualTo(java.util.List.of(Duration.ofHours(1), Duration.ofDays(2)));
    }

    @Test
    void unknownKeysAreRefusedWithTheProbableOne() {
        assertThatThrownBy(() -> Arguments.parse("--history.lenght", "30"))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessageContaining("--history.lenght: there is no such option")
                .hasMessageContaining("did you mean history.length?");
    }

    @Test
    void everyProblemOfTheArgumentsIsNamedAtOnce() {
        assertThatThrownBy(
                        () -> Arguments.parse("stray", "--nothing.like.it", "1", "--model.width"))
                .hasMessageContaining("3 problem(s)")
                .hasMessageContaining("'stray'")
                .hasMessageContaining("--nothing.like.it")
                .hasMessageContaining("--model.width: a value is missing");
    }

    @Test
    void kafkaPropertiesPassThroughWithoutTheirPrefix() {
        Configuration read = Arguments.parse("--kafka.properties.security.protocol", "SASL_SSL");

        assertThat(FreshetConfig.kafkaProperties(read))
                .containsExactly(java.util.Map.entry("security.protocol", "SASL_SSL"));
    }
}
