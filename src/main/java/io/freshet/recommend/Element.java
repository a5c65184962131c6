package io.freshet.recommend;

import io.freshet.event.EncodedItem;
import io.freshet.event.ItemPopularity;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the recommender takes in, one after the other; exactly one of request and update is set.
 *
 * @param timestamp event time that it takes its place at, milliseconds since the epoch
 * @param request a wish for a list
 * @param update something to know from here on
 */
record Element(
        long timestamp,
        @Nullable RecommendationRequest request,
        @Nullable RecommenderUpdate update) {

    static Element of(RecommendationRequest request) {
        return new Element(request.timestamp(), request, null);
    }

    /** A verdict takes its place at its window's end, all else at its own timestamp. */
    static Element of(RecommenderUpdate update) {
        ModelCheckpoint checkpoint = update.checkpoint();
        ItemPopularity popularity = update.popularity();
        if (update.delta() != null) {
            return new Element(update.delta().timestamp(), null, update);
        }
        if (checkpoint != null) {
            return new Element(checkpoint.windowEnd(), null, update);
        }
        if (popularity != null) {
            return new Element(popularity.timestamp(), null, update);
        }
        EncodedItem item = Objects.requireNonNull(update.item(), "update without content");
        return new Element(item.timestamp(), null, update);
    }

    /**
     * Order among elements of one timestamp: an update of the model, and then the verdict on it,
     * count from the window's end on, so they come before the requests; a request sees nothing of
     * its own moment, so it comes before the statistics.
     */
    int rank() {
        if (update == null) {
            return 2;
        }
        if (update.delta() != null) {
            return 0;
        }
        if (update.checkpoint() != null) {
            return 1;
        }
        return update.popularity() != null ? 3 : 4;
    }
}
