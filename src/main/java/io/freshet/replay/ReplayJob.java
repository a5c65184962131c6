package io.freshet.replay;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.event.Control;
import io.freshet.event.Interaction;
import io.freshet.event.Profile;
import io.freshet.replay.input.CatalogInput;
import io.freshet.replay.input.InteractionInput;
import io.freshet.replay.input.ProtocolRows;
import io.freshet.replay.input.UsersInput;
import io.freshet.replay.stream.NoInput;
import io.freshet.replay.stream.OrderedInput;
import io.freshet.replay.stream.OrderedSource;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.jspecify.annotations.Nullable;

/**
 * Sends the files through the job at parallelism 1, in a cluster inside this process. No
 * checkpoints are made, and a failure ends the replay.
 *
 * <p>At parallelism 1 an edge keeps order, and {@link OrderedSource} makes time exact. What waits
 * for another stream does so in event time; so everything happens in the same order each time.
 */
final class ReplayJob {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int SLOTS = 4;
    private static final int ROWS_PER_SIGN = 100;

    private final Path interactions;
    private final Path items;
    private final @Nullable Path users;
    private final ProtocolRows protocol;

    public ReplayJob(ReplaySettings settings) {
        interactions = settings.interactions();
        items = settings.items();
        users = settings.users();
        protocol = settings.rows();
    }

    /**
     * Runs the job to its end.
     *
     * @param pipeline the job
     * @param receiver takes all outputs, on one thread, in no particular order
     * @throws org.apache.flink.runtime.client.JobExecutionException if the job failed
     */
    public void run(FreshetConfig config, Pipeline pipeline, Consumer<ReplayOutput> receiver)
            throws Exception {
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(configuration());
        env.setParallelism(1);
        try (InProcessSink.Receiver outputs = InProcessSink.receive(receiver)) {
            DataStream<Interaction> rows =
                    source(
                            env,
                            "interactions",
                            new InteractionInput(interactions, config.ingest()));
            outputs(connect(env, config, pipeline, learnedFrom(rows, config)))
                    .union(signs(rows, config.history().asking().probeFrom()))
                    .sinkTo(outputs.sink())
                    .name("outputs");
            execute(env.getStreamGraph());
        }
    }

    /** On loopback; when this returns the cluster has ended, and its files are deleted. */
    private static void execute(StreamGraph graph) throws Exception {
        graph.setJobName("freshet replay");
        try (MiniCluster cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration())
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(SLOTS)
                                .setCommonBindAddress(LOOPBACK)
                                .build())) {
            cluster.start();
            cluster.executeJobBlocking(graph.getJobGraph());
        }
    }

    private DataStream<Interaction> learnedFrom(
            DataStream<Interaction> rows, FreshetConfig config) {
        ProtocolRows all = protocol;
        FeedbackConfig feedback = config.history().feedback();
        return all.equals(ProtocolRows.ALL)
                ? rows
                : rows.filter(row -> !all.leavesOut(row, feedback));
    }

    private Pipeline.Outputs connect(
            StreamExecutionEnvironment env,
            FreshetConfig config,
            Pipeline pipeline,
            DataStream<Interaction> rows) {
        return pipeline.connect(
                config,
                rows,
                source(env, "items", new CatalogInput(items, interactions, config.ingest())),
                source(env, "users", users(config)),
                source(env, "controls", new NoInput<>(Control.class)));
    }

    private OrderedInput<Profile> users(FreshetConfig config) {
        return users == null
                ? new NoInput<>(Profile.class)
                : new UsersInput(users, config.ingest());
    }

    private static <T> DataStream<T> source(
            StreamExecutionEnvironment env, String name, OrderedInput<T> input) {
        return env.fromSource(
                new OrderedSource<>(input), WatermarkStrategy.noWatermarks(), name, input.type());
    }

    private static DataStream<ReplayOutput> outputs(Pipeline.Outputs outputs) {
        TypeInformation<ReplayOutput> type = TypeInformation.of(ReplayOutput.class);
        return outputs.probes()
                .map(ReplayOutput::of)
                .returns(type)
                .union(
                        outputs.responses().map(ReplayOutput::of).returns(type),
                        outputs.checkpoints().map(ReplayOutput::of).returns(type),
                        outputs.evaluations().map(ReplayOutput::of).returns(type));
    }

    /** Signs of life while rows go in that are not tested. */
    private static DataStream<ReplayOutput> signs(DataStream<Interaction> rows, long probeFrom) {
        return rows.filter(row -> row.offset() < probeFrom && row.offset() % ROWS_PER_SIGN == 0)
                .map(row -> ReplayOutput.sent(Math.toIntExact(row.offset())))
                .returns(TypeInformation.of(ReplayOutput.class));
    }

    private static Configuration configuration() {
        return new Configuration()
                .set(PipelineOptions.GENERIC_TYPES, false)
                .set(RestOptions.ADDRESS, LOOPBACK)
                .set(RestOptions.BIND_PORT, "0")
                .set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    }
}
