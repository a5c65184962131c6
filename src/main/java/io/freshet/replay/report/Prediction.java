package io.freshet.replay.report;

import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import java.util.List;

/**
 * What was predicted for a tested position.
 *
 * @param position the position
 * @param items the recommended items, best first
 * @param modelVersion version that scored them
 * @param trainedThrough highest position that the version was trained on, -1 if none
 * @param servedAt wall-clock time of scoring, milliseconds since the epoch
 * @param sources what spoke most for each of the items
 */
public record Prediction(
        int position,
        List<String> items,
        long modelVersion,
        long trainedThrough,
        long servedAt,
        List<Source> sources) {

    /** Most items of a list that protocol P looks at. */
    public static final int SIZE = 10;

    /** The first items of the list that answers a probe. */
    public static Prediction of(RecommendationList list) {
        return new Prediction(
                Math.toIntExact(list.offset()),
                list.items().stream().limit(SIZE).map(RecommendedItem::itemId).toList(),
                list.modelVersion(),
                list.trainedThrough(),
                list.servedAt(),
                list.items().stream().limit(SIZE).map(RecommendedItem::source).toList());
    }
}
