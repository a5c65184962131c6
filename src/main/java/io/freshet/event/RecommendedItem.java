package io.freshet.event;

import java.util.Map;

/**
 * One entry of a list.
 *
 * @param itemId the item
 * @param score final score; comparable within one list only
 * @param source the source that raised its score most
 * @param because the history item that it is explained by, or empty
 * @param contributions what each source added to the score, compared with the mean candidate: the
 *     sum is the score less the candidates' mean score; empty unless asked for
 * @param propensity probability with which the item came to its place, given the places before it;
 *     below 1 where places are given to new items
 */
public record RecommendedItem(
        String itemId,
        float score,
        Source source,
        String because,
        Map<Source, Float> contributions,
        float propensity) {

    /** State that was written before a component was added reads as having none of it. */
    public RecommendedItem {
        contributions = contributions == null ? Map.of() : contributions;
        propensity = propensity == 0 ? 1 : propensity;
    }

    /** An entry of a list without exploration. */
    public RecommendedItem(
            String itemId,
            float score,
            Source source,
            String because,
            Map<Source, Float> contributions) {
        this(itemId, score, source, because, contributions, 1);
    }

    /** An entry of a list without exploration, whose contributions nobody asked for. */
    public RecommendedItem(String itemId, float score, Source source, String because) {
        this(itemId, score, source, because, Map.of());
    }

    /** What raises or lowers the score of an item. */
    public enum Source {
        /** The model that is fine-tuned by windows. */
        MODEL,
        /** What followed the user's last items. */
        TRANSITION,
        /** The user's own repeats. */
        REPEAT,
        /** Recent popularity. */
        POPULARITY,
        /** New or available in the catalog, with no other evidence. */
        CATALOG,
        /** Shown to the user lately and not chosen: contributes, but is never the main reason. */
        EXPOSURE,
        /** Alike in content to what the user had last. */
        CONTENT,
        /** Drawn from the new items, whatever its score: contributes nothing to it. */
        EXPLORATION,
        /** Rejected by the user, or like it: contributes, but is never the main reason. */
        REJECTION
    }
}
