package io.freshet.recommend.operator;

import io.freshet.config.ItemConfig;
import io.freshet.config.RecommendConfig;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.recommend.item.ItemLimits;
import io.freshet.recommend.model.ModelSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/** Makes a {@link RecommenderOperator} with its task's mailbox. */
public final class RecommenderOperatorFactory
        extends AbstractStreamOperatorFactory<RecommendationList>
        implements TwoInputStreamOperatorFactory<
                RecommendationRequest, RecommenderUpdate, RecommendationList> {

    private static final long serialVersionUID = 1L;

    private final RecommendConfig config;
    private final long[] halfLives;
    private final ArrayList<String> numberNames;
    private final ItemLimits limits;
    private final ModelSource models;
    private final boolean aligned;

    /**
     * @param numberNames names of the items' numbers and dates that queries may filter by
     * @param aligned whether a request waits, in event time, for every model trained on what came
     *     before it
     */
    public RecommenderOperatorFactory(
            RecommendConfig config,
            ItemConfig items,
            List<String> numberNames,
            ModelSource models,
            boolean aligned) {
        this.config = config;
        this.numberNames = new ArrayList<>(numberNames);
        this.halfLives = items.halfLives().stream().mapToLong(Duration::toMillis).toArray();
        this.limits =
                new ItemLimits(
                        config.maxItems(), items.ttl().toMillis(), items.withdrawnTtl().toMillis());
        this.models = models;
        this.aligned = aligned;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends StreamOperator<RecommendationList>> T createStreamOperator(
            StreamOperatorParameters<RecommendationList> parameters) {
        return (T)
                new RecommenderOperator(
                        parameters, config, halfLives, numberNames, limits, models, aligned);
    }

    @Override
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return RecommenderOperator.class;
    }
}
