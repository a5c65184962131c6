package io.freshet.recommend.rank;

import io.freshet.event.query.ItemFilter;
import io.freshet.event.query.NumberRange;
import io.freshet.recommend.item.ItemCatalog;
import io.freshet.recommend.item.ItemTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Which items of the table a query's list may have. */
public final class QueryFilter implements IntPredicate {

    private final ItemCatalog catalog;
    private final Set<Integer> onlyItems;
    private final Set<Integer> excludedItems;
    private final Set<String> onlyCategories;
    private final Set<String> excludedCategories;
    private final List<NumberRange> ranges;
    private final boolean anyItem;

    /** For the time in which the table's indexes stay as they are. */
    public QueryFilter(ItemFilter filter, ItemTable table) {
        catalog = table.catalog();
        onlyItems = indexes(filter.onlyItems(), table);
        excludedItems = indexes(filter.excludedItems(), table);
        onlyCategories = new HashSet<>(filter.onlyCategories());
        excludedCategories = new HashSet<>(filter.excludedCategories());
        ranges = filter.ranges();
        anyItem = filter.onlyItems().isEmpty();
    }

    private static Set<Integer> indexes(List<String> items, ItemTable table) {
        Set<Integer> indexes = new HashSet<>();
        for (String item : items) {
            indexes.add(table.indexOf(item));
        }
        indexes.remove(ItemTable.NONE);
        return indexes;
    }

    /** The items that the list is made of; empty for all. */
    public Set<Integer> onlyItems() {
        return onlyItems;
    }

    /** Whether the list may be made of all items, those aside that the rest leaves out. */
    public boolean anyItem() {
        return anyItem;
    }

    @Override
    public boolean test(int item) {
        return (anyItem || onlyItems.contains(item))
                && !excludedItems.contains(item)
                && passesByCategory(catalog.categories(item))
                && ranges.stream()
                        .allMatch(each -> each.contains(catalog.number(item, each.attribute())));
    }

    private boolean passesByCategory(List<String> categories) {
        boolean wanted = onlyCategories.isEmpty();
        for (String category : categories) {
            if (excludedCategories.contains(category)) {
                return false;
            }
            wanted |= onlyCategories.contains(category);
        }
        return wanted;
    }
}
