package io.freshet.demo;

import io.freshet.config.FreshetConfig;
import io.freshet.config.TestingFeedback;
import io.freshet.demo.Demo.DemoJob;
import io.freshet.event.Interaction;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import io.freshet.sink.KafkaSinks;
import io.freshet.source.KafkaSources;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job on the topics of the real one: everybody is recommended what he or she has just had. */
final class TestingJob implements DemoJob {

    @Override
    public void build(StreamExecutionEnvironment env, Configuration options) {
        FreshetConfig config = FreshetConfig.from(options);
        var properties = FreshetConfig.kafkaProperties(options);
        var interactions =
                new KafkaSources(env, config.kafka(), config.ingest(), properties)
                        .interactions(TestingFeedback.of(), "interactions", "split");
        var sinks = new KafkaSinks(config.kafka(), config.ingest(), properties);
        interactions.deadLetters().sinkTo(sinks.deadLetters()).uid("dead-letters");
        interactions
                .events()
                .map(TestingJob::list)
                .uid("lists")
                .sinkTo(sinks.recommendations())
                .uid("recommendations");
    }

    private static RecommendationList list(Interaction interaction) {
        return new RecommendationList(
                interaction.eventId(),
                interaction.userId(),
                interaction.timestamp(),
                interaction.timestamp(),
                0,
                RecommendationList.Path.PERSONAL,
                List.of(
                        new RecommendedItem(
                                interaction.itemId(), 1, RecommendedItem.Source.REPEAT, "")),
                "",
                interaction.partition(),
                interaction.offset(),
                -1);
    }
}
