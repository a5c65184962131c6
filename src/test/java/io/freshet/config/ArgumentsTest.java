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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

    @Test
    void commandLineWinsOverTheFileWhereverItStands(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("freshet.yaml");
        Files.writeString(file, "history:\n  length: 20\n  pane: 5 min\nkafka.group-id: shop\n");

        Configuration read =
                Arguments.parse("--history.length", "30", "--options=" + file, "--model.heads=4");

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

        assertThat(FreshetConfig.from(Arguments.parse("--options", file.toString())).item())
                .extracting(ItemConfig::halfLives)
                .isEqualTo(java.util.List.of(Duration.ofHours(1), Duration.ofDays(2)));
    }

    @Test
    void textsOfAFileStayAsTheyAreWritten(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("freshet.yaml");
        Files.writeString(
                file,
                """
                kafka:
                  group-id: 007
                  transactional-id-prefix: 1.10
                  topic: {items: 0x10, controls: yes}
                history.exposure-types: [010, off]
                """);

        FreshetConfig config = FreshetConfig.from(Arguments.parse("--options", file.toString()));

        assertThat(config.kafka().groupId()).isEqualTo("007");
        assertThat(config.kafka().transactionalIdPrefix()).isEqualTo("1.10");
        assertThat(config.kafka().itemsTopic()).isEqualTo("0x10");
        assertThat(config.kafka().controlsTopic()).isEqualTo("yes");
        assertThat(config.history().feedback().exposureTypes()).containsExactly("010", "off");
    }

    @Test
    void numbersWithLeadingZerosAreRefusedWhereverTheyStand(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("freshet.yaml");
        Files.writeString(file, "training: {min-interactions: 0250, head-rate: 0.01}\n");

        assertThatThrownBy(
                        () -> Arguments.parse("--options", file.toString(), "--model.heads", "02"))
                .hasMessageContaining("2 problem(s)")
                .hasMessageContaining(
                        "training.min-interactions: found '0250', expected a number without"
                                + " leading zeros")
                .hasMessageContaining("--model.heads: found '02'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka:{n}  group-id: a{n}kafka:{n}  preflight: false|kafka twice, on lines 1 and 3",
                "kafka.group-id: a{n}kafka: {group-id: b}|kafka.group-id twice, on lines 1 and 2",
                "model: {heads: 2}{n}---{n}model: {heads: 4}|a second document on line 3",
                "kafka: {group-id: }|kafka.group-id: expected a value",
                "kafka: {group-id: &a x, topic.items: *a}|kafka.topic.items: expected a value",
                "history.exposure-types: [[a], b]|history.exposure-types: expected a value",
            })
    void whatAFileWouldLoseIsRefused(String yaml, String problem, @TempDir Path dir)
            throws IOException {
        Path file = dir.resolve("freshet.yaml");
        Files.writeString(file, yaml.replace("{n}", "\n"));

        assertThatThrownBy(() -> Arguments.parse("--options", file.toString()))
                .hasMessageContaining("1 problem(s)")
                .hasMessageContaining(file.toString())
                .hasMessageContaining(problem);
    }

    @Test
    void elementsOfEveryListAreSeparatedByCommas() {
        FreshetConfig config =
                FreshetConfig.from(
                        Arguments.parse(
                                "--history.exposure-types=impression, it's shown",
                                "--item.popularity-half-lives=1 h,2 d",
                                "--recommend.sources=model,counts",
                                "--item.modalities=image:512,audio:128"));

        assertThat(config.history().feedback().exposureTypes())
                .containsExactly("impression", "it's shown");
        assertThat(config.item().halfLives())
                .containsExactly(Duration.ofHours(1), Duration.ofDays(2));
        assertThat(config.recommend().sources()).hasSize(2);
        assertThat(config.item().modalities()).containsOnlyKeys("image", "audio");
        assertThat(
                        FreshetConfig.from(Arguments.parse("--history.exposure-types="))
                                .history()
                                .feedback()
                                .exposureTypes())
                .isEmpty();
    }

    @Test
    void anotherSeparatorIsRefusedInEveryList() {
        assertThatThrownBy(
                        () ->
                                Arguments.parse(
                                        "--history.exposure-types=impression;banner",
                                        "--item.popularity-half-lives=1 h;2 d"))
                .hasMessageContaining(
                        "--history.exposure-types: found 'impression;banner', expected commas")
                .hasMessageContaining("--item.popularity-half-lives: found '1 h;2 d'");
        assertThatThrownBy(() -> Arguments.parse("--item.modalities=image:512;audio:128"))
                .hasMessageContaining("--item.modalities: found 'image:512;audio:128'");
    }

    @Test
    void aListInYamlMayHoldWhatSeparatesElsewhere(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("freshet.yaml");
        Files.writeString(
                file,
                "history.exposure-types: ['a,b', 'c;d']\nitem.modalities: "
                        + "['image:2', 'audio:3']\n");

        FreshetConfig config = FreshetConfig.from(Arguments.parse("--options", file.toString()));
        assertThat(config.history().feedback().exposureTypes()).containsExactly("a,b", "c;d");
        assertThat(config.item().modalities()).containsOnlyKeys("image", "audio");
    }

    @Test
    void unknownKeysAreRefusedWithTheProbableOne() {
        assertThatThrownBy(() -> Arguments.parse("--history.lenght", "30"))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessageContaining("--history.lenght: there is no such option")
                .hasMessageContaining("did you mean history.length?");
    }

    @Test
    void anOldKeyIsReadAndANearMissOfItLeadsToTheNewOne() {
        Configuration read = Arguments.parse("--control.max-paused-sequences", "700");

        assertThat(FreshetConfig.from(read).training().window().maxBacklog()).isEqualTo(700);
        assertThatThrownBy(() -> Arguments.parse("--control.max-paused-sequence", "7"))
                .hasMessageContaining("did you mean training.max-backlog?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"replay.aligned", "history.serve", "history.probe-from-offset"})
    void whatOnlyCommandsSetIsRefusedAndNeverSuggested(String key) {
        assertThatThrownBy(() -> Arguments.parse("--" + key, "1"))
                .hasMessageContaining("--" + key + ": not for users to set");
        assertThatThrownBy(() -> Arguments.parse("--" + key + "x", "1"))
                .hasMessageNotContaining("did you mean " + key + "?");
    }

    /** Flink's entry point of application mode takes them for its own directory. */
    @ParameterizedTest
    @ValueSource(strings = {"--config", "--configDir", "--config-dir", "--conf", "--configFile"})
    void whatFlinkTakesForItsOwnIsRefusedWithTheNameToUse(String name) {
        assertThatThrownBy(() -> Arguments.parse(name, "freshet.yaml"))
                .hasMessageContaining("1 problem(s)")
                .hasMessageContaining(name + ": in application mode Flink takes it")
                .hasMessageContaining("write --options FILE");
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

    @Test
    void secretsInClearAreRefusedOnTheCommandLineAndNeverRepeated() {
        assertThatThrownBy(
                        () ->
                                Arguments.parse(
                                        "--kafka.properties.ssl.keystore.password=hunter2",
                                        "--kafka.properties.sasl.jaas.config",
                                        "Module required password=\"hunter2\";",
                                        "hunter2"))
                .hasMessageContaining("3 problem(s)")
                .hasMessageContaining("--kafka.properties.ssl.keystore.password: a secret")
                .hasMessageContaining("--kafka.properties.sasl.jaas.config: a secret")
                .hasMessageContaining("${env:NAME}")
                .hasMessageContaining("argument 4: expected --key value")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void referencesToSecretsPassAndKafkaIsToldHowToReadThem() {
        Configuration read =
                Arguments.parse(
                        "--kafka.properties.ssl.keystore.password=${env:KEYSTORE}",
                        "--kafka.properties.sasl.jaas.config",
                        "Module required username=\"u\" password=\"${dir:/run/secrets:kafka}\";");

        assertThat(FreshetConfig.kafkaProperties(read))
                .containsEntry("ssl.keystore.password", "${env:KEYSTORE}")
                .containsEntry("config.providers", "env,file,dir")
                .containsEntry(
                        "config.providers.dir.class",
                        "org.apache.kafka.common.config.provider.DirectoryConfigProvider");
    }

    @Test
    void whoeverNamesProvidersOfTheirOwnKeepsThem() {
        Configuration read =
                Arguments.parse(
                        "--kafka.properties.config.providers", "file",
                        "--kafka.properties.ssl.keystore.password", "${file:/a:b}");

        assertThat(FreshetConfig.kafkaProperties(read)).containsEntry("config.providers", "file");
    }

    @Test
    void aFileOfSecretsMayHoldThemInClearAndIsNotQuotedWhenItIsBroken(@TempDir Path dir)
            throws IOException {
        Path file = dir.resolve("freshet.yaml");
        Files.writeString(file, "kafka.properties:\n  ssl.keystore.password: hunter2\n");
        assertThat(FreshetConfig.kafkaProperties(Arguments.parse("--options", file.toString())))
                .containsEntry("ssl.keystore.password", "hunter2");

        Files.writeString(file, "kafka.properties:\n  ssl.keystore.password: 'hunter2\n");
        assertThatThrownBy(() -> Arguments.parse("--options", file.toString()))
                .hasMessageContaining("can't be read as YAML: see line")
                .hasMessageNotContaining("hunter2");
    }
}
