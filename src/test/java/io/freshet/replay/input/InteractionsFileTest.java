package io.freshet.replay.input;

import static io.freshet.replay.TestingHistory.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.freshet.event.Interaction;
import io.freshet.replay.TestingHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InteractionsFileTest {

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
                .hasMessageContaining("line 3: user_id: found ''")
                .hasMessageContaining("line 4: item_id: found 'i|1'")
                .hasMessageContaining("line 5: rating: found 'good'")
                .hasMessageContaining("line 6: timestamp_ms: found 'yesterday'")
                .hasMessageContaining("line 7: timestamp_ms: found '999', expected at least 1000")
                .hasMessageContaining("line 8: found 2 fields, expected 5");
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

        assertThatThrownBy(() -> new InteractionsFile(file).scan())
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

        assertThatThrownBy(() -> new InteractionsFile(file).scan())
                .isInstanceOf(CsvFormatException.class)
                .hasMessageContaining("cut.csv.gz");
    }

    private Timetable scan(String text) throws IOException {
        return new InteractionsFile(file(text)).scan();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("history.csv"), text);
    }

    private static List<Interaction> rows(Path file) throws IOException {
        List<Interaction> rows = new ArrayList<>();
        try (InteractionRows open = new InteractionsFile(file).open()) {
            for (Interaction row = open.next(); row != null; row = open.next()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
