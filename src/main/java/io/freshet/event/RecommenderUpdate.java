package io.freshet.event;

import org.jspecify.annotations.Nullable;

/**
 * What every recommender instance receives; exactly one component is set. One flat record, because
 * the streams share one broadcast edge.
 *
 * @param checkpoint a verdict of the fine-tuner that makes a version live
 * @param popularity an item's popularity changed
 * @param item the catalog changed
 * @param delta an update as earlier releases announced it, which nobody can follow any more
 * @param update the live model was updated
 */
public record RecommenderUpdate(
        @Nullable ModelCheckpoint checkpoint,
        @Nullable ItemPopularity popularity,
        @Nullable EncodedItem item,
        @Nullable ModelDelta delta,
        @Nullable ModelUpdate update) {

    public static RecommenderUpdate of(ModelCheckpoint checkpoint) {
        return new RecommenderUpdate(checkpoint, null, null, null, null);
    }

    public static RecommenderUpdate of(ItemPopularity popularity) {
        return new RecommenderUpdate(null, popularity, null, null, null);
    }

    public static RecommenderUpdate of(EncodedItem item) {
        return new RecommenderUpdate(null, null, item, null, null);
    }

    public static RecommenderUpdate of(ModelDelta delta) {
        return new RecommenderUpdate(null, null, null, delta, null);
    }

    public static RecommenderUpdate of(ModelUpdate update) {
        return new RecommenderUpdate(null, null, null, null, update);
    }
}
