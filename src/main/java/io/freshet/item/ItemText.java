package io.freshet.item;

import io.freshet.event.CatalogItem;
import java.util.List;
import java.util.stream.Collectors;

/** The text of an item that is encoded. */
public final class ItemText {

    private ItemText() {}

    /**
     * Title, categories and description as sentences, in this order because encoders cut long texts
     * at the end; empty if the item has none of them.
     */
    public static String of(CatalogItem item) {
        return joined(
                List.of(item.title(), joined(item.categories(), ", "), item.description()), ". ");
    }

    private static String joined(List<String> parts, String separator) {
        return parts.stream()
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(separator));
    }
}
