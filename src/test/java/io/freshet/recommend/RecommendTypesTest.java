package io.freshet.recommend;

import static org.apache.flink.types.PojoTestUtils.assertSerializedAsPojoWithoutKryo;

import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecommendTypesTest {

    @ParameterizedTest
    @ValueSource(
            classes = {
                ItemState.class,
                SharedState.class,
                FusionState.class,
                ProbeTally.class,
                RecommendationRequest.class,
                RecommenderUpdate.class,
                RecommendationList.class
            })
    void whatIsStoredOrSentIsSerializedWithoutKryo(Class<?> type) {
        assertSerializedAsPojoWithoutKryo(type);
    }
}
