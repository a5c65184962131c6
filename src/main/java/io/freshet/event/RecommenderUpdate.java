package io.freshet.event;

import org.jspecify.annotations.Nullable;

/**
 * What every recommender instance is told; exactly one component is set. One flat record, because
 * the three streams share one broadcast edge.
 *
 * @param checkpoint a verdict of the fine-tuner that makes a version live
 * @param popularity an item's popularity changed
 * @param item the catalog changed
 * @param delta the live model was updated
 */
public record RecommenderUpdate(
        @Nullable ModelCheckpoint checkpoint,
        @Nullable ItemPopularity popularity,
        @Nullable EncodedItem item,
        @Nullable ModelDelta delta) {

    public static RecommenderUpdate of(ModelCheckpoint checkpoint) {
        return new RecommenderUpdate(checkpoint, null, null, null);
    }

    public static RecommenderUpdate of(ItemPopularity popularity) {
        return new RecommenderUpdate(null, popularity, null, null);
    }

    public static RecommenderUpdate of(EncodedItem item) {
        return new RecommenderUpdate(null, null, item, null);
    }

    public static RecommenderUpdate of(ModelDelta delta) {
        return new RecommenderUpdate(null, null, null, delta);
    }
}
