package io.freshet.replay.input;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.event.CatalogItem;
import io.freshet.replay.TestingHistory;
import io.freshet.replay.input.csv.CsvFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogFileTest {

    @TempDir private Path directory;

    @Test
    void splitsCategories() throws IOException {
        assertThat(file("1,\"Bank, The (1915)\",Comedy|Short\n2,Plain,\n").read().values())
                .extracting(CatalogItem::itemId, CatalogItem::title, CatalogItem::categories)
                .containsExactly(
                        tuple("1", "Bank, The (1915)", List.of("Comedy", "Short")),
                        tuple("2", "Plain", List.of()));
    }

    @Test
    void aLaterRowOfAnItemReplacesAnEarlierOne() throws IOException {
        assertThat(file("1,Old,\n1,New,\n").read().values())
                .extracting(CatalogItem::title)
                .containsExactly("New");
    }

    @Test
    void refusesAnItemWithoutId() {
        assertThatThrownBy(() -> file("1,One,\n,Two,\n").read())
                .isInstanceOf(CsvFormatException.class)
                .hasMessageContaining("line 3: item_id: found \"\"");
    }

    @Test
    void anItemIsReadByTheRulesOfItsTopic() {
        assertThatThrownBy(
                        () ->
                                file("a\tb,Tab,\n"
                                                + "ok,"
                                                + "t".repeat(10_001)
                                                + ",\n"
                                                + "no,Label,A|\u0000\n"
                                                + "too,Many,"
                                                + "label|".repeat(2_001)
                                                + "\n")
                                        .read())
                .hasMessageContaining("4 broken row(s)")
                .hasMessageContaining("line 2: item_id: found \"a\\u0009b\"")
                .hasMessageContaining("line 3: title: found 10001 characters")
                .hasMessageContaining("line 4: categories: found \"\\u0000\"")
                .hasMessageContaining(
                        "line 5: categories: found 2001 strings of 10005 characters together");
    }

    @Test
    void anEmptyCategoryIsNone() throws IOException {
        CatalogItem one = requireNonNull(file("1,One,A||B|\n").read().get("1"));
        assertThat(one.categories()).containsExactly("A", "B");
    }

    @Test
    void anItemEntersTheCatalogWithItsFirstInteraction() throws IOException {
        Map<String, Integer> debuts = new LinkedHashMap<>();
        debuts.put("c", 0);
        debuts.put("not in the file", 1);
        debuts.put("a", 1);
        debuts.put("b", 3);
        Timetable timetable = new Timetable(new long[] {100, 110, 120, 130}, debuts, Map.of());

        List<CatalogItem> entries = file("a,A,\nb,B,\nc,C,\nnever chosen,D,\n").entries(timetable);

        assertThat(entries)
                .extracting(CatalogItem::itemId, CatalogItem::timestamp)
                .as("the first half's are there before the first row")
                .containsExactly(tuple("c", 99L), tuple("a", 99L), tuple("b", 130L));
    }

    private CatalogFile file(String rows) throws IOException {
        Path file = directory.resolve("items.csv");
        Files.writeString(file, "item_id,title,categories\n" + rows);
        return new CatalogFile(file, TestingHistory.anyTime().ingest());
    }
}
