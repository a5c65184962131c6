package io.freshet.replay;

import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.Evaluation;
import io.freshet.event.Interaction;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.PredictedResponse;
import io.freshet.event.Profile;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** A job that recommends what was chosen most so far, without any model. */
final class TestingPopularity implements Pipeline {

    @Override
    public Outputs connect(
            FreshetConfig config,
            DataStream<Interaction> interactions,
            DataStream<CatalogItem> items,
            DataStream<Profile> users,
            DataStream<Control> controls) {
        return new Outputs(
                interactions
                        .process(new Popularity(config))
                        .returns(TypeInformation.of(RecommendationList.class)),
                nothing(interactions, PredictedResponse.class),
                nothing(interactions, ModelCheckpoint.class),
                nothing(interactions, Evaluation.class));
    }

    private static <T> DataStream<T> nothing(DataStream<Interaction> stream, Class<T> type) {
        return stream.flatMap((Interaction row, Collector<T> out) -> {})
                .returns(TypeInformation.of(type));
    }

    private static final class Popularity extends ProcessFunction<Interaction, RecommendationList> {

        private static final long serialVersionUID = 1L;

        private final FreshetConfig config;
        private transient Map<String, Integer> counts;
        private transient Map<String, Set<String>> histories;

        Popularity(FreshetConfig config) {
            this.config = config;
        }

        @Override
        public void open(OpenContext context) {
            counts = new HashMap<>();
            histories = new HashMap<>();
        }

        @Override
        public void processElement(
                Interaction row, Context context, Collector<RecommendationList> out) {
            counts.putIfAbsent(row.itemId(), 0);
            if (!config.history().feedback().roleOf(row.eventType(), row.rating()).isPosition()) {
                return;
            }
            Set<String> seen = histories.computeIfAbsent(row.userId(), user -> new HashSet<>());
            boolean once = config.history().consumeOnce();
            if (row.offset() >= config.history().asking().probeFrom()
                    && row.offset() % config.history().asking().probeStride() == 0
                    && isProbed(row.eventType())
                    && !seen.isEmpty()
                    && !(once && seen.contains(row.itemId()))) {
                out.collect(list(row, top(once ? seen : Set.of())));
            }
            counts.merge(row.itemId(), 1, Integer::sum);
            seen.add(row.itemId());
        }

        private boolean isProbed(String type) {
            List<String> types = config.history().asking().probeTypes();
            return types.isEmpty() || types.contains(type);
        }

        private List<RecommendedItem> top(Set<String> without) {
            return counts.entrySet().stream()
                    .filter(entry -> !without.contains(entry.getKey()))
                    .sorted(
                            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                                    .thenComparing(Map.Entry.comparingByKey()))
                    .limit(10)
                    .map(
                            entry ->
                                    new RecommendedItem(
                                            entry.getKey(),
                                            entry.getValue(),
                                            Source.POPULARITY,
                                            ""))
                    .toList();
        }

        private static RecommendationList list(Interaction row, List<RecommendedItem> items) {
            return new RecommendationList(
                    row.eventId(),
                    row.userId(),
                    row.timestamp(),
                    0,
                    0,
                    RecommendationList.Path.COLD_START,
                    items,
                    row.itemId(),
                    row.partition(),
                    row.offset(),
                    -1);
        }
    }
}
