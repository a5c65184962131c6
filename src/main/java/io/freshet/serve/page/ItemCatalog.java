package io.freshet.serve.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.runtime.RecentlyUsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Titles, categories and availability of items, of those that were announced or asked for last if
 * there are too many. Not thread-safe.
 */
final class ItemCatalog {

    private static final int LONGEST_TITLE = 300;
    private static final int MOST_CATEGORIES = 10;

    private final Map<String, Entry> entries;

    /** What is kept of an item. */
    private record Entry(String title, List<String> categories, boolean available) {}

    /**
     * @param most items
     */
    ItemCatalog(int most) {
        this.entries = new RecentlyUsed<>(most);
    }

    /** Keeps a record of the items topic. */
    void put(JsonNode item) {
        String id = item.path("item_id").asText();
        if (!id.isEmpty()) {
            entries.put(
                    id,
                    new Entry(
                            abbreviated(item.path("title").asText("")),
                            categories(item.path("categories")),
                            item.path("available").asBoolean(true)));
        }
    }

    /** Drops an item that was withdrawn. */
    void remove(String item) {
        entries.remove(item);
    }

    /** Writes what is kept of an item; nothing if it isn't there. */
    void writeTo(String item, ObjectNode fields) {
        Entry entry = entries.get(item);
        if (entry != null) {
            fields.put("title", entry.title);
            entry.categories.forEach(fields.withArrayProperty("categories")::add);
            fields.put("available", entry.available);
        }
    }

    private static List<String> categories(JsonNode found) {
        List<String> categories = new ArrayList<>();
        for (JsonNode category : found) {
            if (categories.size() < MOST_CATEGORIES) {
                categories.add(abbreviated(category.asText()));
            }
        }
        return List.copyOf(categories);
    }

    private static String abbreviated(String text) {
        return text.length() <= LONGEST_TITLE ? text : text.substring(0, LONGEST_TITLE) + "…";
    }
}
