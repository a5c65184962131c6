package io.freshet.replay.input.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.replay.TestingHistory;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTableTest {

    private static final String HEADER = "id,title\n";

    @TempDir private Path directory;

    @Test
    void quotesHoldCommasLinesAndQuotes() throws IOException {
        Path file = file("\n" + HEADER + "1,\"a, b\"\r\n\r\n2,\"c\nd \"\"e\"\"\"\n3,5\" nail\n4,");

        assertThat(rows(file))
                .containsExactly("3: 1|a, b", "5: 2|c\nd \"e\"", "7: 3|5\" nail", "8: 4|");
    }

    @Test
    void theLastRowMayBeAnything() throws IOException {
        for (String row : new String[] {"9,\"end\"", "9,\"end\"\n", "9,\"end\"\n\n"}) {
            assertThat(rows(file(HEADER + row))).containsExactly("2: 9|end");
        }
        assertThatThrownBy(() -> rows(file(HEADER + "\"end\"")))
                .hasMessageContaining("line 2: found 1 fields, expected 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,Deluxe, big lamp", "1", "1,a,"})
    void aRowHasAsManyFieldsAsTheHeader(String row) throws IOException {
        Path file = file(HEADER + "0,Zero\n" + row + "\n2,Two\n");

        assertThatThrownBy(() -> rows(file))
                .isInstanceOf(CsvFormatException.class)
                .hasMessageContaining("has 1 broken row(s)")
                .hasMessageContaining("line 3: found ")
                .hasMessageContaining("expected 2 as in the header");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7,\"open\n8,eight\n9,nine\n", // never closed
                "7,\"open\n8,eight\n9,\"nine, or 9\"\n", // closed by another row's quote
                "7,\"closed\" early\n8,eight\n"
            })
    void aQuoteWithoutItsEndIsSaidOnceWithTheLineItIsOpenedIn(String rows) throws IOException {
        Path file = file(HEADER + "1,one\n" + "too,many,fields\n" + rows);

        assertThatThrownBy(() -> rows(file))
                .isInstanceOf(CsvFormatException.class)
                .hasNoCause()
                .hasMessageContaining("line 4: found no end of a quoted field")
                .message()
                .hasLineCount(1);
    }

    @Test
    void aQuoteThatIsNeverClosedFillsNoMemory() throws IOException {
        Path file = file(HEADER + "1,\"open\n" + "x".repeat(2 << 20));

        assertThatThrownBy(() -> rows(file))
                .hasMessageContaining("line 2: found no end of a quoted field");
    }

    @Test
    void compressionIsFoundByContentWhateverTheName() throws IOException {
        Path compressed = directory.resolve("a.csv");
        TestingHistory.gzip(compressed, HEADER + "1,one\n");
        Path plain = Files.writeString(directory.resolve("b.csv.gz"), HEADER + "1,one\n");

        assertThat(rows(compressed)).containsExactly("2: 1|one");
        assertThat(rows(plain)).containsExactly("2: 1|one");
    }

    @Test
    void damagedGzipIsSaidFirst() throws IOException {
        StringBuilder text = new StringBuilder(HEADER);
        new Random(1).ints(5_000, 0, 1 << 30).forEach(i -> text.append(i).append(",t\n"));
        Path file = directory.resolve("a.csv.gz");
        TestingHistory.gzip(file, text.toString());
        byte[] whole = Files.readAllBytes(file);
        for (int at = whole.length / 8; at < whole.length; at += whole.length / 8) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x24;
            Files.write(file, flipped);
            assertDamaged(file);
            Files.write(file, Arrays.copyOf(whole, at));
            assertDamaged(file);
        }
        Files.write(file, Arrays.copyOf(whole, 5));
        assertDamaged(file);
    }

    private static void assertDamaged(Path file) {
        assertThatThrownBy(() -> rows(file))
                .isInstanceOf(CsvFormatException.class)
                .hasNoCause()
                .hasMessageStartingWith(file + ": found a damaged gzip");
    }

    @Test
    void textThatIsNotUtf8IsNamedByItsLine() throws IOException {
        String text = HEADER + "1,one\n".repeat(50_000) + "2,Café\n" + "3,three\n".repeat(50_000);
        Path file = directory.resolve("latin.csv");
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> rows(file))
                .isInstanceOf(CsvFormatException.class)
                .hasNoCause()
                .hasMessageContaining("latin.csv: line 50002 is not UTF-8, found byte 0xe9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
    void utf16IsCalledByItsName(String charset) throws IOException {
        Path file = directory.resolve("wide.csv");
        Files.write(file, (HEADER + "1,one\n").getBytes(Charset.forName(charset)));

        assertThatThrownBy(() -> rows(file)).hasMessageContaining("found UTF-16, expected UTF-8");
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws IOException {
        assertThat(rows(file("\uFEFF\"id\",title\n1,one\n"))).containsExactly("2: 1|one");
    }

    @Test
    void aPipeADirectoryAndNothingAreRefused() {
        assertThatThrownBy(() -> rows(Path.of("/dev/null")))
                .hasMessageContaining("expected a regular file, because it is read several times");
        assertThatThrownBy(() -> rows(directory)).hasMessageContaining("found a directory");
        assertThatThrownBy(() -> rows(directory.resolve("no.csv")))
                .hasMessageContaining("no.csv: there is no such file");
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        Path file = file("");

        assertThatThrownBy(() -> rows(file)).hasMessageContaining("found an empty file");
    }

    @Test
    void aColumnThatIsThereTwiceIsRefused() throws IOException {
        Path file = file("id,title,note,id\n1,one,x,2\n");

        assertThatThrownBy(() -> rows(file))
                .hasMessageContaining("column 'id' is there twice, in place 1 and 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t", "|"})
    void anotherSeparatorIsNamed(String separator) throws IOException {
        Path file = file(HEADER.replace(",", separator));

        assertThatThrownBy(() -> rows(file))
                .hasMessageContaining("column 'id' is missing, the header has [id" + separator)
                .hasMessageContaining("expected columns separated by commas");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("a.csv"), text);
    }

    /** Every row as "line: id|title". */
    private static List<String> rows(Path file) throws IOException {
        List<String> rows = new ArrayList<>();
        BrokenRows broken = new BrokenRows(file);
        try (CsvTable table = CsvTable.open(file, List.of("id", "title"))) {
            boolean more = true;
            while (more) {
                try {
                    more = table.next();
                    if (more) {
                        rows.add(table.line() + ": " + table.get(0) + "|" + table.get(1));
                    }
                } catch (CsvFormatException e) {
                    broken.add(e);
                }
            }
        }
        broken.throwIfAny("");
        return rows;
    }
}
