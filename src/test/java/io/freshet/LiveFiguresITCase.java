package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.config.FreshetConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.config.IngestConfig;
import io.freshet.config.ItemConfig;
import io.freshet.config.StoreConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.demo.shop.ShopGenerator;
import io.freshet.demo.shop.ShopRecord.Action;
import io.freshet.demo.shop.ShopSettings;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.Interaction;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import io.freshet.replay.stream.NoInput;
import io.freshet.replay.stream.OrderedSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The running job's own figure of its lists, without training, on streams whose truth is known. */
class LiveFiguresITCase {

    /**
     * What a busy machine keeps up with: a job that falls behind ranks by older counts than its
     * replay.
     */
    private static final int PER_SECOND = 500;

    private static final int STRIDE = 5;
    private static final long START = 1_700_000_000_000L;

    /** What the sources read, in this process. */
    private static volatile List<Interaction> stream = List.of();

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void on_random_choices_lists_are_no_better_than_chance(int parallelism) throws Exception {
        stream = randomChoices(10_000, 1_000, 100_000);

        List<RecommendationList> probes = probes(parallelism, false, Duration.ofSeconds(10));

        long hits = probes.stream().filter(LiveFiguresITCase::isHit).count();
        Figures.leave("random-live-" + parallelism, "%d hits of %d".formatted(hits, probes.size()));
        assertThat(probes).hasSizeGreaterThan(1_500);
        // ten of up to 100,000 items: 0.2 hits are expected of 2,000 probes
        assertThat(hits).isLessThanOrEqualTo(5);
    }

    @Test
    void lists_of_a_shop_are_as_good_as_its_replay_says() throws Exception {
        ShopSettings settings = ShopSettings.of(7);
        stream = sales(settings, 15_000);

        Map<String, Boolean> live = hits(probes(1, false, settings.disorder()));
        Map<String, Boolean> replayed = hits(probes(1, true, Duration.ZERO));

        double expected = hitRate(replayed);
        double error = Math.sqrt(expected * (1 - expected) / replayed.size());
        Figures.leave(
                "shop-live-and-replayed",
                "live %.4f of %d, replayed %.4f of %d, standard error %.4f"
                        .formatted(hitRate(live), live.size(), expected, replayed.size(), error));
        assertThat(live).hasSizeGreaterThan(replayed.size() * 9 / 10);
        assertThat(expected).isGreaterThan(0.1);
        assertThat(hitRate(live)).isCloseTo(expected, within(error));
    }

    /** The job's answers to probes. */
    private static List<RecommendationList> probes(
            int parallelism, boolean aligned, Duration disorder) throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        env.setParallelism(parallelism);
        Configuration options =
                new Configuration()
                        .set(FreshetConfig.ALIGNED, aligned)
                        .set(HistoryConfig.SERVE, false)
                        .set(HistoryConfig.PROBE_STRIDE, STRIDE)
                        .set(IngestConfig.MAX_DISORDER, disorder)
                        .set(ItemConfig.POPULARITY_INTERVAL, Duration.ZERO)
                        .set(TrainingConfig.ENABLED, false);
        options.setString("encoder.enabled", "false");
        options.set(StoreConfig.PATH, "file:///models"); // never written: nothing trains
        JobTopology.Outputs outputs =
                JobTopology.build(
                        FreshetConfig.from(options),
                        new JobTopology.Inputs(
                                env.fromSource(
                                                interactions(),
                                                WatermarkStrategy
                                                        .<Interaction>forBoundedOutOfOrderness(
                                                                disorder)
                                                        .withTimestampAssigner(
                                                                (i, t) -> i.timestamp()),
                                                "interactions")
                                        .setParallelism(1),
                                nothing(env, CatalogItem.class),
                                nothing(env, Control.class)));
        try (CloseableIterator<RecommendationList> answers =
                outputs.probes().executeAndCollect("live figures")) {
            List<RecommendationList> probes = new ArrayList<>();
            answers.forEachRemaining(probes::add);
            return probes;
        }
    }

    private static DataGeneratorSource<Interaction> interactions() {
        return new DataGeneratorSource<>(
                index -> stream.get(Math.toIntExact(index)),
                stream.size(),
                RateLimiterStrategy.perSecond(PER_SECOND),
                TypeInformation.of(Interaction.class));
    }

    private static <T> DataStream<T> nothing(StreamExecutionEnvironment env, Class<T> type) {
        NoInput<T> none = new NoInput<>(type);
        return env.fromSource(
                new OrderedSource<>(none),
                WatermarkStrategy.noWatermarks(),
                type.getSimpleName(),
                none.type());
    }

    private static List<Interaction> randomChoices(int count, int users, int items) {
        Random random = new Random(11);
        List<Interaction> choices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            choices.add(
                    new Interaction(
                            "e" + i,
                            "user-" + random.nextInt(users),
                            "item-" + random.nextInt(items),
                            "click",
                            Float.NaN,
                            START + i * 1000L / PER_SECOND,
                            0,
                            i));
        }
        return choices;
    }

    /** What a shop sells, in order of event time: of what is late, live lists know less. */
    private static List<Interaction> sales(ShopSettings settings, int count) {
        ShopGenerator generator = new ShopGenerator(settings);
        List<Interaction> sales = new ArrayList<>();
        while (sales.size() < count) {
            if (generator.next() instanceof Action action && !action.again()) {
                sales.add(action.interaction());
            }
        }
        sales.sort(Comparator.comparing(Interaction::timestamp));
        return sales;
    }

    private static Map<String, Boolean> hits(List<RecommendationList> probes) {
        Map<String, Boolean> hits = new HashMap<>();
        probes.forEach(probe -> hits.put(probe.requestId(), isHit(probe)));
        return hits;
    }

    private static double hitRate(Map<String, Boolean> hits) {
        return hits.values().stream().filter(hit -> hit).count() / (double) hits.size();
    }

    private static boolean isHit(RecommendationList probe) {
        return probe.items().stream()
                .map(RecommendedItem::itemId)
                .anyMatch(probe.probeItem()::equals);
    }
}
