package io.freshet.replay.input;

import static io.freshet.replay.TestingHistory.HEADER;
import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import io.freshet.event.Attribute;
import io.freshet.event.Interaction;
import io.freshet.replay.TestingHistory;
import io.freshet.replay.input.csv.CsvFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InteractionsFileTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-01-01T00:00:00Z"), UTC);

    @TempDir private Path directory;

    @Test
    void readsRowsWithTheirPositionAsOffsetAndEventId() throws IOException {
        List<Interaction> rows =
                rows(file(HEADER + "u1,i1,rating,3.5,1000\nu2,\"i,2\",click,,1000\n"));

        assertThat(rows)
                .containsExactly(
                        new Interaction("0", "u1", "i1", "rating", 3.5f, 1000, 0, 0),
                        new Interaction("1", "u2", "i,2", "click", Float.NaN, 1000, 0, 1));
    }

    @Test
    void declaredAttributesHaveColumnsOfTheirOwn() throws IOException {
        Path file =
                file(
                        HEADER.replace("\n", ",device,tags,note\n")
                                + "u,i,click,,1000,phone,a|b,x\n"
                                + "u,i,click,,1000,,,x\n");
        IngestConfig declared = attributes("device:category,tags:categories");
        List<Interaction> rows = rows(new InteractionsFile(file, declared, CLOCK));

        assertThat(rows.get(0).attributes())
                .containsExactly(
                        Attribute.category("device", "phone"),
                        Attribute.category("tags", "a"),
                        Attribute.category("tags", "b"));
        assertThat(rows.get(1).attributes()).isEmpty();
        assertThatThrownBy(
                        () ->
                                rows(
                                        new InteractionsFile(
                                                file, attributes("screen:category"), CLOCK)))
                .hasMessageContaining("column 'screen' is missing");
    }

    private static IngestConfig attributes(String context) {
        Configuration options = Arguments.parse("--attributes.context", context);
        options.setString("ingest.earliest-timestamp-ms", "0");
        return FreshetConfig.from(options).ingest();
    }

    @Test
    void readsCompressedFilesByTheirName() throws IOException {
        Path file = directory.resolve("history.csv.gz");
        TestingHistory.gzip(file, HEADER + "u1,i1,click,,1000\n");

        assertThat(rows(file)).extracting(Interaction::userId).containsExactly("u1");
    }

    @Test
    void findsColumnsByNameBehindAByteOrderMarkAndPassesOverOthersAndEmptyLines()
            throws IOException {
        Path file =
                file(
                        "\uFEFFtimestamp_ms,note,item_id,user_id,rating,event_type\r\n"
                                + "\r\n"
                                + "1000,x,i1,u1,,click\r\n"
                                + "\r\n"
                                + "2000,x,i2,u1,,click\r\n");

        assertThat(rows(file))
                .extracting(Interaction::itemId, Interaction::timestamp, Interaction::offset)
                .containsExactly(tuple("i1", 1000L, 0L), tuple("i2", 2000L, 1L));
    }

    @Test
    void scanSaysWhenRowsHappenedAndWhereItemsFirstOccur() throws IOException {
        Timetable timetable =
                scan(HEADER + "u,b,click,,10\nu,a,click,,10\nu,b,click,,20\nu,c,click,,30\n");

        assertThat(timetable.times()).containsExactly(10, 10, 20, 30);
        assertThat(timetable.half()).isEqualTo(2);
        assertThat(timetable.debuts()).containsExactly(entry("b", 0), entry("a", 1), entry("c", 3));
    }

    @Test
    void scanNamesEveryBrokenRowWithLineFieldAndWhatWasFound() {
        String broken =
                HEADER
                        + "u1,i1,click,,1000\n"
                        + ",i1,click,,1000\n"
                        + "u1,i|1,click,,1000\n"
                        + "u1,i1,click,good,1000\n"
                        + "u1,i1,click,,yesterday\n"
                        + "u1,i1,click,,999\n"
                        + "u1,i1\n"
                        + "u1,i1,click,,1000\n";

        assertThatThrownBy(() -> scan(broken))
                .isInstanceOf(CsvFormatException.class)
                .hasMessageContaining("6 broken row(s)")
                .hasMessageContaining("line 3: user_id: found \"\"")
                .hasMessageContaining("line 4: item_id: found 'i|1'")
                .hasMessageContaining("line 5: rating: found \"good\"")
                .hasMessageContaining("line 6: timestamp_ms: found \"yesterday\"")
                .hasMessageContaining("line 2: timestamp_ms: found 1000")
                .hasMessageContaining("line 8: found 2 fields, expected 5");
    }

    @Test
    void anEmptyEventTypeIsAbsent() throws IOException {
        assertThat(rows(file(HEADER + "u1,i1,,,1000\n")))
                .extracting(Interaction::eventType)
                .containsExactly("interaction");
    }

    @Test
    void idsAreReadByTheRulesOfTheTopic() {
        String broken =
                HEADER
                        + "u\u0000,i1,click,,1000\n"
                        + "u1,\"i\n1\",click,,1000\n"
                        + "u1,i1,cl\tick,,1000\n"
                        + "u1,"
                        + "i".repeat(5_000)
                        + ",click,,1000\n";

        assertThatThrownBy(() -> scan(broken))
                .hasMessageContaining("4 broken row(s)")
                .hasMessageContaining("line 2: user_id: found \"u\\u0000\"")
                .hasMessageContaining("line 3: item_id: found \"i\\u000a1\"")
                .hasMessageContaining("line 5: event_type: found \"cl\\u0009ick\"")
                .hasMessageContaining("line 6: item_id: found 5000 characters");
    }

    @Test
    void secondsAreNamedWithTheDatesThatTheyWouldBe() throws IOException {
        Path file =
                file(HEADER + "u1,i1,click,,1700000007\nu1,i1,click,,\nu1,i1,click,,1700000111\n");
        IngestConfig defaults = FreshetConfig.from(new Configuration()).ingest();

        assertThatThrownBy(() -> new InteractionsFile(file, defaults, CLOCK).scan())
                .hasMessageContaining("3 broken row(s)")
                .hasMessageContaining("from 1970-01-20T16:13:20.007Z to 1970-01-20T16:13:20.111Z")
                .hasMessageContaining(
                        "line 2: timestamp_ms: found 1700000007, which looks like seconds, expected"
                                + " at least 946684800000, which is 2000-01-01T00:00:00Z"
                                + " (ingest.earliest-timestamp-ms)");
    }

    @Test
    void aRowOfTheFutureIsRefusedAloneAndNotTheRowsBehindIt() {
        assertThatThrownBy(
                        () ->
                                scan(
                                        HEADER
                                                + "u,a,click,,1000\nu,a,click,,4102444800000\n"
                                                + "u,a,click,,2000\nu,a,click,,3000\n"))
                .hasMessageContaining("1 broken row(s)")
                .hasMessageContaining(
                        "line 3: timestamp_ms: found 4102444800000, expected at most");
    }

    @ParameterizedTest
    @CsvSource({
        "10 20 99 30 40, 4, 99, at most 30 (1970-01-01T00:00:00.030Z) as on line 5",
        "10 20 5 30 40, 4, 5, at least 20 (1970-01-01T00:00:00.020Z) as on line 3",
        "10 20 30 40 25, 6, 25, at least 40 (1970-01-01T00:00:00.040Z) as on line 5"
    })
    void theRowOutOfOrderIsNamedAndHowToSort(String times, int line, long found, String expected) {
        StringBuilder rows = new StringBuilder(HEADER);
        for (String time : times.split(" ")) {
            rows.append("u,a,click,,").append(time).append('\n');
        }

        assertThatThrownBy(() -> scan(rows.toString()))
                .hasMessageContaining("1 broken row(s); 1 out of order, to be sorted by ")
                .hasMessageContaining("sort -s -t, -k5,5n")
                .hasMessageContaining("line %d: timestamp_ms: found %d (", line, found)
                .hasMessageContaining("expected " + expected);
    }

    @Test
    void scanCountsRowsByType() throws IOException {
        assertThat(scan(HEADER + "u,a,click,,1\nu,a,view,,2\nu,a,click,,3\nu,a,,,4\n").types())
                .containsOnly(entry("click", 2), entry("view", 1), entry("interaction", 1));
    }

    @Test
    void countsBrokenRowsWithoutNamingThemAll() {
        String broken = HEADER + "u1,i1,click,,\n".repeat(1000);

        assertThatThrownBy(() -> scan(broken))
                .hasMessageContaining("1000 broken row(s)")
                .hasMessageContaining("line 11:")
                .extracting(Throwable::getMessage, STRING)
                .doesNotContain("line 12:");
    }

    @Test
    void refusesAFileWithoutAColumnAndNamesWhatIsThere() {
        assertThatThrownBy(() -> scan("user_id,item,event_type,rating,timestamp_ms\n"))
                .isInstanceOf(CsvFormatException.class)
                .hasMessageContaining("column 'item_id' is missing")
                .hasMessageContaining("[user_id, item, event_type");
    }

    @Test
    void refusesAnEmptyFile() {
        assertThatThrownBy(() -> scan("")).hasMessageContaining("empty file");
    }

    @Test
    void refusesTextThatIsNotUtf8() throws IOException {
        Path file = directory.resolve("latin.csv");
        Files.write(
                file, (HEADER + "u1,Größe,click,,1000\n").getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> interactions(file).scan())
                .isInstanceOf(CsvFormatException.class)
                .hasMessageContaining("latin.csv");
    }

    @Test
    void refusesACompressedFileThatIsCutOff() throws IOException {
        Path whole = directory.resolve("whole.csv.gz");
        TestingHistory.gzip(whole, HEADER + "u1,i1,click,,1000\n".repeat(100));
        byte[] bytes = Files.readAllBytes(whole);
        Path file = directory.resolve("cut.csv.gz");
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));

        assertThatThrownBy(() -> interactions(file).scan())
                .isInstanceOf(CsvFormatException.class)
                .hasMessageContaining("cut.csv.gz");
    }

    private static InteractionsFile interactions(Path file) {
        return new InteractionsFile(file, TestingHistory.anyTime().ingest(), CLOCK);
    }

    private Timetable scan(String text) throws IOException {
        return interactions(file(text)).scan();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("history.csv"), text);
    }

    private static List<Interaction> rows(Path file) throws IOException {
        return rows(interactions(file));
    }

    private static List<Interaction> rows(InteractionsFile file) throws IOException {
        List<Interaction> rows = new ArrayList<>();
        try (InteractionRows open = file.open()) {
            for (Interaction row = open.next(); row != null; row = open.next()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
