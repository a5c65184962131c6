package io.freshet.event.query;

import java.util.List;

/**
 * Which items a list may have.
 *
 * @param onlyItems the list is made of these alone; empty for all items
 * @param excludedItems items to leave out
 * @param onlyCategories an item must have one of these; empty for any
 * @param excludedCategories an item may have none of these
 * @param ranges an item must have all of these attributes, within the range
 */
public record ItemFilter(
        List<String> onlyItems,
        List<String> excludedItems,
        List<String> onlyCategories,
        List<String> excludedCategories,
        List<NumberRange> ranges) {

    /** Lets every item pass. */
    public static ItemFilter none() {
        return new ItemFilter(List.of(), List.of(), List.of(), List.of(), List.of());
    }
}
