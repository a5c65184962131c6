package io.freshet.example;

import io.freshet.JobTopology;
import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.Interaction;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Clicks from a log that is no topic, lists to files: Freshet without Kafka. */
final class ClickLogJob {

    private static final int CLICKS_PER_SECOND = 200;
    private static final int READERS = 40;
    private static final int ARTICLES = 30;
    private static final long FIRST_CLICK = 1_700_000_000_000L;

    private ClickLogJob() {}

    /** Adds the job to an environment, with the reference model. */
    static void build(StreamExecutionEnvironment env, FreshetConfig config, Path lists) {
        write(JobTopology.build(config, inputs(env)), lists);
    }

    /** The streams that Freshet reads. */
    static JobTopology.Inputs inputs(StreamExecutionEnvironment env) {
        return new JobTopology.Inputs(clicks(env), articles(env), controls(env));
    }

    /** What becomes of the streams that Freshet makes; those that nobody reads are dropped. */
    static void write(JobTopology.Outputs outputs, Path lists) {
        outputs.lists().sinkTo(new ListFiles(lists)).name("list-files").uid("list-files");
    }

    /**
     * In place of a source of yours. Its order within a user is the one in which things happened.
     */
    private static DataStream<Interaction> clicks(StreamExecutionEnvironment env) {
        var log =
                new DataGeneratorSource<>(
                        ClickLogJob::click,
                        Long.MAX_VALUE,
                        RateLimiterStrategy.perSecond(CLICKS_PER_SECOND),
                        TypeInformation.of(Interaction.class));
        var eventTime =
                WatermarkStrategy.<Interaction>forMonotonousTimestamps()
                        .withTimestampAssigner((click, unused) -> click.timestamp());
        return env.fromSource(log, eventTime, "click-log").setParallelism(1).uid("click-log");
    }

    private static Interaction click(long row) {
        long reader = row % READERS;
        return new Interaction(
                "click-" + row,
                "reader-" + reader,
                "article-" + (reader + row / READERS) % ARTICLES,
                "click",
                Float.NaN,
                FIRST_CLICK + row * 1000 / CLICKS_PER_SECOND,
                0,
                row);
    }

    private static DataStream<CatalogItem> articles(StreamExecutionEnvironment env) {
        List<CatalogItem> articles =
                IntStream.range(0, ARTICLES).mapToObj(ClickLogJob::article).toList();
        return env.fromData(articles, TypeInformation.of(CatalogItem.class)).uid("articles");
    }

    private static CatalogItem article(int number) {
        return new CatalogItem(
                "article-" + number,
                "Article " + number,
                "",
                List.of("news"),
                true,
                FIRST_CLICK,
                Map.of());
    }

    private static DataStream<Control> controls(StreamExecutionEnvironment env) {
        Control forget = Control.forget("request-1", "reader-who-left", FIRST_CLICK);
        return env.fromData(TypeInformation.of(Control.class), forget).uid("controls-of-mine");
    }
}
