package io.freshet.replay.input;

import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.IngestConfig;
import io.freshet.event.CatalogItem;
import io.freshet.replay.input.csv.BrokenRows;
import io.freshet.replay.input.csv.CsvFormatException;
import io.freshet.replay.input.csv.CsvTable;
import io.freshet.source.field.BadRecordException;
import io.freshet.source.field.FieldRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Items as CSV with the columns {@code item_id, title, categories}, the categories joined by {@code
 * |}, and a column for each declared attribute, by the rules of the items topic. A later row of the
 * same item replaces an earlier one.
 */
public final class CatalogFile {

    private static final List<String> COLUMNS = List.of("item_id", "title", "categories");

    private final Path path;
    private final SortedMap<String, Type> attributes;
    private final FieldRules rules;

    /**
     * @param limits of lengths, with the attributes that are declared
     */
    public CatalogFile(Path path, IngestConfig limits) {
        this.path = path;
        this.attributes = limits.attributes().items();
        this.rules = new FieldRules(limits);
    }

    /**
     * Every item by its id, in file order, with event time 0.
     *
     * @throws CsvFormatException if rows are broken; the message names the first ones with their
     *     line
     */
    public Map<String, CatalogItem> read() throws IOException {
        BrokenRows broken = new BrokenRows(path);
        Map<String, CatalogItem> items = new LinkedHashMap<>();
        try (CsvTable table = CsvTable.open(path, AttributeColumns.after(COLUMNS, attributes))) {
            broken.readAll(
                    () -> {
                        boolean more = table.next();
                        if (more) {
                            CatalogItem item = item(table);
                            items.put(item.itemId(), item);
                        }
                        return more;
                    });
        }
        broken.throwIfAny("");
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
                entries.add(item.at(time));
            }
        }
        return entries;
    }

    private CatalogItem item(CsvTable row) throws CsvFormatException {
        try {
            String id = rules.id("item_id", row.get(0));
            String title = rules.text("title", row.get(1));
            List<String> categories = new ArrayList<>();
            for (String category : row.get(2).split("\\|")) {
                if (!category.isEmpty()) {
                    categories.add(rules.id("categories", category));
                }
            }
            rules.together("categories", categories);
            return new CatalogItem(
                    id,
                    title,
                    "",
                    categories,
                    true,
                    0,
                    Map.of(),
                    AttributeColumns.read(row, COLUMNS.size(), attributes, rules));
        } catch (BadRecordException e) {
            throw row.problem(row.line(), e.reason());
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
