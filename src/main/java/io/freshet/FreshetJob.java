package io.freshet;

import io.freshet.config.Arguments;
import io.freshet.config.ClusterPreflight;
import io.freshet.config.EncoderConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.config.option.Problems;
import io.freshet.event.DeadLetter;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.Profile;
import io.freshet.kafka.JobPresence;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.bert.TextEncoders;
import io.freshet.preflight.Preflight;
import io.freshet.sink.KafkaSinks;
import io.freshet.source.KafkaSources;
import java.util.Properties;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Main class of the Flink job: arguments to validated configuration to topology, from Kafka to
 * Kafka. Checkpoints, state backend and restarts are the cluster's ({@code
 * flink-conf/config.yaml}).
 */
public final class FreshetJob {

    private FreshetJob() {}

    /** Arguments as {@link Arguments} reads them. */
    public static void main(String[] args) throws Exception {
        Problems problems = new Problems();
        Configuration options = Arguments.read(problems, args);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        Preflight.start(
                options, env.getConfiguration(), FreshetJob.class.getClassLoader(), problems);
        problems.throwIfAny();
        build(env, options);
        env.execute("Freshet");
    }

    /**
     * Adds the whole job to an environment.
     *
     * @param options Freshet's options, which README.md lists
     * @throws org.apache.flink.configuration.IllegalConfigurationException if an option is wrong,
     *     or the cluster would not keep the job's promises; the message names every problem
     */
    public static void build(StreamExecutionEnvironment env, Configuration options) {
        build(env, options, TextEncoders::of);
    }

    /**
     * The same with other text encoders.
     *
     * @param encoders gives the text encoder that is configured
     */
    public static void build(
            StreamExecutionEnvironment env,
            Configuration options,
            Function<EncoderConfig, TextEncoderRuntime> encoders) {
        FreshetConfig config = FreshetConfig.from(options);
        ClusterPreflight.check(env.getConfiguration(), config, FreshetJob.class.getClassLoader());
        refuseSlowSerializersAndUnnamedState(env);
        TextEncoderRuntime encoder = encoders.apply(config.encoder());
        connect(env, config, encoder, FreshetConfig.kafkaProperties(options));
        SlotGroups.assign(env, config.device());
    }

    /** Kryo and generated uids would work today and break a savepoint tomorrow. */
    public static void refuseSlowSerializersAndUnnamedState(StreamExecutionEnvironment env) {
        Configuration strict = new Configuration();
        strict.set(PipelineOptions.GENERIC_TYPES, false);
        strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        env.configure(strict);
    }

    private static void connect(
            StreamExecutionEnvironment env,
            FreshetConfig config,
            TextEncoderRuntime encoder,
            Properties kafkaProperties) {
        var sources = new KafkaSources(env, config.kafka(), config.ingest(), kafkaProperties);
        var interactions =
                sources.interactions(
                        config.history().feedback(),
                        OperatorIds.INTERACTIONS,
                        OperatorIds.INTERACTIONS_SPLIT);
        var items =
                sources.items(
                        config.item().modalities(), OperatorIds.ITEMS, OperatorIds.ITEMS_SPLIT);
        var requests =
                sources.requests(
                        config.recommend().mostRequested(),
                        OperatorIds.REQUESTS,
                        OperatorIds.REQUESTS_SPLIT);
        var controls = sources.controls(OperatorIds.CONTROLS, OperatorIds.CONTROLS_SPLIT);
        DataStream<DeadLetter> deadLetters =
                interactions
                        .deadLetters()
                        .union(items.deadLetters(), requests.deadLetters(), controls.deadLetters());
        DataStream<Profile> users = null;
        if (config.readsUsers()) {
            var known = sources.users(OperatorIds.USERS, OperatorIds.USERS_SPLIT);
            users = known.events();
            deadLetters = deadLetters.union(known.deadLetters());
        }

        var outputs =
                JobTopology.build(
                        config,
                        encoder,
                        new JobTopology.Inputs(
                                interactions.events(),
                                items.events(),
                                users,
                                requests.events(),
                                controls.events()));

        var sinks = new KafkaSinks(config.kafka(), config.ingest(), kafkaProperties);
        outputs.lists()
                .sinkTo(sinks.recommendations())
                .uid(OperatorIds.RECOMMENDATIONS_SINK)
                .name(OperatorIds.RECOMMENDATIONS_SINK);
        outputs.checkpoints()
                .map(new JobPresence<>(config.kafka(), kafkaProperties))
                .returns(ModelCheckpoint.class)
                .setParallelism(1)
                .uid(OperatorIds.JOB_PRESENCE)
                .name(OperatorIds.JOB_PRESENCE)
                .sinkTo(sinks.modelCheckpoints())
                .setParallelism(1) // two writers would mix up the order
                .uid(OperatorIds.MODEL_CHECKPOINTS_SINK)
                .name(OperatorIds.MODEL_CHECKPOINTS_SINK);
        outputs.evaluations()
                .sinkTo(sinks.evaluations())
                .setParallelism(1) // two writers would mix up the order
                .uid(OperatorIds.EVALUATIONS_SINK)
                .name(OperatorIds.EVALUATIONS_SINK);
        outputs.audit()
                .sinkTo(sinks.audit())
                .setParallelism(1) // two writers would mix up the order
                .uid(OperatorIds.AUDIT_SINK)
                .name(OperatorIds.AUDIT_SINK);
        deadLetters
                .sinkTo(sinks.deadLetters())
                .uid(OperatorIds.DEAD_LETTERS_SINK)
                .name(OperatorIds.DEAD_LETTERS_SINK);
    }
}
