package io.freshet.recommend.operator;

import io.freshet.event.EncodedItem;
import io.freshet.event.ItemPopularity;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One input of the recommender in its order; exactly one of request and update is set.
 *
 * @param timestamp event time of its place, milliseconds since the epoch
 * @param request asks for a list
 * @param update changes the model, the statistics or the catalog from here on
 */
record QueuedInput(
        long timestamp,
        @Nullable RecommendationRequest request,
        @Nullable RecommenderUpdate update) {

    static QueuedInput of(RecommendationRequest request) {
        return new QueuedInput(request.timestamp(), request, null);
    }

    /** The place of a verdict is its window's end, that of all else its own timestamp. */
    static QueuedInput of(RecommenderUpdate update) {
        ModelCheckpoint checkpoint = update.checkpoint();
        ItemPopularity popularity = update.popularity();
        if (update.delta() != null) {
            return new QueuedInput(update.delta().timestamp(), null, update);
        }
        if (update.update() != null) {
            return new QueuedInput(update.update().timestamp(), null, update);
        }
        if (checkpoint != null) {
            return new QueuedInput(checkpoint.windowEnd(), null, update);
        }
        if (popularity != null) {
            return new QueuedInput(popularity.timestamp(), null, update);
        }
        EncodedItem item = Objects.requireNonNull(update.item(), "update without content");
        return new QueuedInput(item.timestamp(), null, update);
    }

    /**
     * Order among inputs of one timestamp: an update of the model, and then the verdict on it,
     * count from the window's end on, so they come before the requests; a request uses nothing of
     * its own moment, so it comes before the statistics.
     */
    int rank() {
        if (update == null) {
            return 2;
        }
        if (update.delta() != null || update.update() != null) {
            return 0;
        }
        if (update.checkpoint() != null) {
            return 1;
        }
        return update.popularity() != null ? 3 : 4;
    }
}
