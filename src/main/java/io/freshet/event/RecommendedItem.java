package io.freshet.event;

/**
 * One entry of a list.
 *
 * @param itemId the item
 * @param score final score; comparable within one list only
 * @param source what spoke most for the item
 * @param because the history item that it is explained by, or empty
 */
public record RecommendedItem(String itemId, float score, Source source, String because) {

    /** What speaks for an item. */
    public enum Source {
        /** The model that is fine-tuned by windows. */
        MODEL,
        /** What followed the user's last item. */
        TRANSITION,
        /** The user's own repeats. */
        REPEAT,
        /** Recent popularity. */
        POPULARITY,
        /** New or available in the catalog, with no other evidence. */
        CATALOG
    }
}
