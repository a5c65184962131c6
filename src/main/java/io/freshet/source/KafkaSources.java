package io.freshet.source;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.IngestConfig;
import io.freshet.config.KafkaConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.DeadLetter;
import io.freshet.event.Interaction;
import io.freshet.event.Profile;
import io.freshet.event.query.Query;
import io.freshet.source.decode.ArrivalTimes;
import io.freshet.source.decode.CatalogItemDecoder;
import io.freshet.source.decode.ControlDecoder;
import io.freshet.source.decode.Decoded;
import io.freshet.source.decode.InteractionDecoder;
import io.freshet.source.decode.RequestDecoder;
import io.freshet.source.decode.UserDecoder;
import java.time.Clock;
import java.time.Duration;
import java.util.Properties;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * The topics that the job reads. Offsets are part of Flink's checkpoints; those in Kafka are for
 * monitoring, and for the start of a job without state:
 *
 * <ul>
 *   <li>interactions, requests and controls go on where the consumer group stopped, or at the
 *       beginning for a new group; the order between the topics is undefined;
 *   <li>items and users are read from the beginning, because a job without state has none.
 * </ul>
 *
 * <p>A record is read whatever its size: Kafka's fetch sizes never keep a consumer from the first
 * record of a response. One larger than {@code ingest.max-record-bytes} is a dead letter.
 *
 * <p>The topic of requests may be absent, and is read from when it is there.
 */
public final class KafkaSources {

    /** How soon a topic of requests is found that was not there at the start. */
    private static final Duration DISCOVERY_INTERVAL = Duration.ofSeconds(10);

    private final StreamExecutionEnvironment env;
    private final KafkaConfig kafka;
    private final IngestConfig ingest;
    private final Properties properties;
    private final Clock clock;

    /**
     * What a topic contains.
     *
     * @param events decoded records, with event times
     * @param deadLetters records that could not be decoded
     */
    public record Ingested<E>(DataStream<E> events, DataStream<DeadLetter> deadLetters) {}

    /**
     * Sources on the system's clock.
     *
     * @param properties further client properties (security, timeouts); those that the job depends
     *     on (servers, group) are overridden
     */
    public KafkaSources(
            StreamExecutionEnvironment env,
            KafkaConfig kafka,
            IngestConfig ingest,
            Properties properties) {
        this(env, kafka, ingest, properties, Clock.systemUTC());
    }

    /**
     * @param clock serializable; for the limit on timestamps ahead of it
     */
    public KafkaSources(
            StreamExecutionEnvironment env,
            KafkaConfig kafka,
            IngestConfig ingest,
            Properties properties,
            Clock clock) {
        this.env = env;
        this.kafka = kafka;
        this.ingest = ingest;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Interactions; they alone move event time.
     *
     * @param feedback what interactions are taken for, by which they are counted
     * @param sourceUid uid and name of the source
     * @param splitUid uid and name of the operator that separates dead letters
     */
    public Ingested<Interaction> interactions(
            FeedbackConfig feedback, String sourceUid, String splitUid) {
        KafkaSource<Decoded.OfInteraction> source =
                source(
                        kafka.interactionsTopic(),
                        committed(),
                        schema(
                                Decoded.OfInteraction.class,
                                (limits, now) ->
                                        new ArrivalTimes(
                                                new InteractionDecoder(limits, now), limits, now)));
        return ingest(
                source,
                IngestWatermarks.fromEvents(ingest),
                new InteractionSplitFunction(feedback),
                Interaction.class,
                sourceUid,
                splitUid);
    }

    /**
     * Catalog records; always idle, so that they never hold event time back.
     *
     * @param modalities width that vectors of a name must have; others may have any
     * @param sourceUid uid and name of the source
     * @param splitUid uid and name of the operator that separates dead letters
     */
    public Ingested<CatalogItem> items(
            SortedMap<String, Integer> modalities, String sourceUid, String splitUid) {
        KafkaSource<Decoded.OfItem> source =
                source(
                        kafka.itemsTopic(),
                        OffsetsInitializer.earliest(),
                        schema(
                                Decoded.OfItem.class,
                                (limits, now) -> new CatalogItemDecoder(limits, modalities, now)));
        return ingest(
                source,
                IngestWatermarks.alwaysIdle(),
                new SplitFunction<>(),
                CatalogItem.class,
                sourceUid,
                splitUid);
    }

    /**
     * Users' attributes; always idle, so that they never hold event time back.
     *
     * @param sourceUid uid and name of the source
     * @param splitUid uid and name of the operator that separates dead letters
     */
    public Ingested<Profile> users(String sourceUid, String splitUid) {
        KafkaSource<Decoded.OfProfile> source =
                source(
                        kafka.usersTopic(),
                        OffsetsInitializer.earliest(),
                        schema(Decoded.OfProfile.class, UserDecoder::new));
        return ingest(
                source,
                IngestWatermarks.alwaysIdle(),
                new SplitFunction<>(),
                Profile.class,
                sourceUid,
                splitUid);
    }

    /**
     * Requests for lists; always idle, so that they never hold event time back.
     *
     * @param mostRequested most items that may be asked for
     * @param sourceUid uid and name of the source
     * @param splitUid uid and name of the operator that separates dead letters
     */
    public Ingested<Query> requests(int mostRequested, String sourceUid, String splitUid) {
        String topic = kafka.requestsTopic();
        KafkaSource<Decoded.OfQuery> source =
                builder(
                                topic,
                                committed(),
                                schema(
                                        Decoded.OfQuery.class,
                                        (limits, now) -> new RequestDecoder(limits, mostRequested)))
                        // a pattern may match nothing yet, a name must be there
                        .setTopicPattern(Pattern.compile(Pattern.quote(topic)))
                        .setProperty(
                                KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(),
                                String.valueOf(DISCOVERY_INTERVAL.toMillis()))
                        .build();
        return ingest(
                source,
                IngestWatermarks.alwaysIdle(),
                new SplitFunction<>(),
                Query.class,
                sourceUid,
                splitUid);
    }

    /**
     * Control messages; always idle, so that they never hold event time back.
     *
     * @param sourceUid uid and name of the source
     * @param splitUid uid and name of the operator that separates dead letters
     */
    public Ingested<Control> controls(String sourceUid, String splitUid) {
        KafkaSource<Decoded.OfControl> source =
                source(
                        kafka.controlsTopic(),
                        committed(),
                        schema(Decoded.OfControl.class, ControlDecoder::new));
        return ingest(
                source,
                IngestWatermarks.alwaysIdle(),
                new SplitFunction<>(),
                Control.class,
                sourceUid,
                splitUid);
    }

    private <D> DecodingSchema<D> schema(Class<D> type, DecodingSchema.Factory<D> factory) {
        return new DecodingSchema<>(type, factory, ingest, clock);
    }

    private static OffsetsInitializer committed() {
        return OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
    }

    private <D> KafkaSource<D> source(
            String topic, OffsetsInitializer start, DecodingSchema<D> schema) {
        return builder(topic, start, schema).setTopics(topic).build();
    }

    private <D> KafkaSourceBuilder<D> builder(
            String topic, OffsetsInitializer start, DecodingSchema<D> schema) {
        return KafkaSource.<D>builder()
                // nothing is learned from aborted transactions
                .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .setProperties(properties)
                .setBootstrapServers(kafka.bootstrapServers())
                .setGroupId(kafka.groupId())
                .setClientIdPrefix(kafka.groupId() + "-" + topic)
                .setStartingOffsets(start)
                .setDeserializer(schema);
    }

    private <E, D extends Decoded<E>> Ingested<E> ingest(
            KafkaSource<D> source,
            WatermarkStrategy<D> watermarks,
            SplitFunction<E, D> split,
            Class<E> type,
            String sourceUid,
            String splitUid) {
        SingleOutputStreamOperator<E> events =
                env.fromSource(source, watermarks, sourceUid)
                        .uid(sourceUid)
                        .process(split)
                        .returns(type)
                        .name(splitUid)
                        .uid(splitUid);
        return new Ingested<>(events, events.getSideOutput(SplitFunction.DEAD_LETTERS));
    }
}
