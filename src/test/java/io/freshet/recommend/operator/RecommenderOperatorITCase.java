package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.probe;
import static io.freshet.recommend.TestingEvents.promoted;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.ItemConfig;
import io.freshet.event.ModelRevision;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.model.RecommenderModel;
import io.freshet.model.WeightChanges;
import io.freshet.recommend.TestingModel;
import io.freshet.recommend.TestingRecommendConfig;
import io.freshet.recommend.model.ModelSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;

/** The operator in a job of its own, between real channels. */
class RecommenderOperatorITCase {

    private static final int REQUESTS = 300;
    private static final int VERSIONS = 5;

    @Test
    void everyProbeIsAnsweredByTheVersionThatEndedBeforeIt() throws Exception {
        List<RecommendationList> lists = replay(2);

        assertThat(lists).hasSize(REQUESTS);
        assertThat(lists)
                .allSatisfy(
                        list ->
                                assertThat(list.modelVersion())
                                        .isEqualTo(Math.min(VERSIONS, list.timestamp() / 500)));
    }

    @Test
    void aReplayIsRepeatable() throws Exception {
        assertThat(answers(replay(1))).isEqualTo(answers(replay(1)));
    }

    private static List<String> answers(List<RecommendationList> lists) {
        return lists.stream()
                .sorted(Comparator.comparing(RecommendationList::requestId))
                .map(list -> list.requestId() + " " + list.items())
                .toList();
    }

    private static List<RecommendationList> replay(int parallelism) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
        List<RecommendationRequest> requests = new ArrayList<>();
        List<RecommenderUpdate> updates = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            requests.add(probe("r" + i, 10L * i, "i" + i % 7, "i" + i % 5));
            updates.add(popularity("i" + i % 11, 10L * i, 1 + i % 4));
            if (i % 50 == 49 && i / 50 < VERSIONS) {
                updates.add(promoted(1 + i / 50, 10L * i + 10));
            }
        }
        DataStream<RecommendationRequest> asked =
                environment
                        .fromData(requests, TypeInformation.of(RecommendationRequest.class))
                        .assignTimestampsAndWatermarks(
                                WatermarkStrategy.<RecommendationRequest>forMonotonousTimestamps()
                                        .withTimestampAssigner((r, t) -> r.timestamp()))
                        .keyBy(RecommendationRequest::userId);
        DataStream<RecommenderUpdate> told =
                environment
                        .fromData(updates, TypeInformation.of(RecommenderUpdate.class))
                        .assignTimestampsAndWatermarks(
                                WatermarkStrategy.<RecommenderUpdate>forMonotonousTimestamps()
                                        .withTimestampAssigner(
                                                (u, t) -> QueuedInput.of(u).timestamp()));
        DataStream<RecommendationList> probes =
                asked.connect(told.broadcast())
                        .transform(
                                "recommender",
                                TypeInformation.of(RecommendationList.class),
                                factory())
                        .getSideOutput(RecommenderOperator.PROBES);
        List<RecommendationList> lists = new ArrayList<>();
        try (CloseableIterator<RecommendationList> results = probes.executeAndCollect()) {
            results.forEachRemaining(lists::add);
        }
        return lists;
    }

    private static RecommenderOperatorFactory factory() {
        return new RecommenderOperatorFactory(
                TestingRecommendConfig.of("candidates", "20", "batch-size", "16"),
                new ItemConfig(
                        List.of(Duration.ofMinutes(1), Duration.ofHours(1)),
                        Duration.ofDays(90),
                        100,
                        Duration.ZERO,
                        Duration.ofDays(1),
                        Duration.ofHours(1),
                        new TreeMap<>(),
                        0),
                List.of(),
                new Models(),
                true);
    }

    private static final class Models implements ModelSource {

        private static final long serialVersionUID = 1L;

        @Override
        public RecommenderModel load(ModelRevision revision) {
            return new TestingModel(revision.version(), "i1", "i2", "i3", "i4");
        }

        @Override
        public Optional<List<WeightChanges>> changes(ModelRevision from, ModelRevision to) {
            return Optional.empty();
        }
    }
}
