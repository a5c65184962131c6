package io.freshet.sink;

import io.freshet.event.RecommendationList;
import org.jspecify.annotations.Nullable;

/** The recommendations topic's encoder, for benchmarks of other rooms. */
public final class ListJson {

    private static final RecommendationListEncoder ENCODER = new RecommendationListEncoder();

    private ListJson() {}

    public static byte @Nullable [] of(RecommendationList list) {
        return ENCODER.value(list);
    }
}
