package io.freshet.replay.input;

import io.freshet.event.CatalogItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Items as CSV with the columns {@code item_id, title, categories}, the categories joined by {@code
 * |}. A later row of the same item replaces an earlier one.
 */
public final class CatalogFile {

    private static final List<String> COLUMNS = List.of("item_id", "title", "categories");

    private final Path path;

    public CatalogFile(Path path) {
        this.path = path;
    }

    /**
     * Every item by its id, in file order, with event time 0.
     *
     * @throws CsvFormatException if a row is broken
     */
    public Map<String, CatalogItem> read() throws IOException {
        Map<String, CatalogItem> items = new LinkedHashMap<>();
        try (CsvTable table = CsvTable.open(path, COLUMNS)) {
            while (table.next()) {
                String id = table.require(0);
                String categories = table.get(2);
                List<String> labels =
                        categories.isEmpty() ? List.of() : List.of(categories.split("\\|"));
                items.put(id, new CatalogItem(id, table.get(1), "", labels, true, 0, Map.of()));
            }
        }
        return items;
    }

    /**
     * The items as a stream without knowledge of the future: an item enters the catalog with its
     * first interaction. Items of the first half, where nothing is tested, are all there before the
     * first row; one that is never chosen is left out, as by protocol P it can't be a candidate.
     *
     * @return in ascending order of event time
     */
    public List<CatalogItem> entries(Timetable timetable) throws IOException {
        Map<String, CatalogItem> items = read();
        List<CatalogItem> entries = new ArrayList<>();
        for (Map.Entry<String, Integer> debut : timetable.debuts().entrySet()) {
            CatalogItem item = items.get(debut.getKey());
            if (item != null) {
                int position = debut.getValue();
                long time =
                        position < timetable.half()
                                ? timetable.times()[0] - 1
                                : timetable.times()[position];
                entries.add(at(time, item));
            }
        }
        return entries;
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private static CatalogItem at(long time, CatalogItem item) {
        return new CatalogItem(
                item.itemId(),
                item.title(),
                item.description(),
                item.categories(),
                item.available(),
                time,
                item.vectors());
    }
}
