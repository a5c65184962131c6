package io.freshet.source;

import io.freshet.config.IngestConfig;
import io.freshet.source.decode.RawRecord;
import io.freshet.source.decode.RecordDecoder;
import java.io.Serializable;
import java.time.Clock;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Runs a decoder inside the Kafka source, before watermarks are made, so that they are made per
 * partition and from event times.
 *
 * @param <D> the decoded record
 */
final class DecodingSchema<D> implements KafkaRecordDeserializationSchema<D> {

    private static final long serialVersionUID = 1;

    /** Makes the decoder in the task, because decoders are not serializable. */
    @FunctionalInterface
    interface Factory<D> extends Serializable {
        RecordDecoder<D> create(IngestConfig limits, Clock clock);
    }

    private final Class<D> type;
    private final Factory<D> factory;
    private final IngestConfig limits;
    private final Clock clock;

    private transient @Nullable RecordDecoder<D> decoder;

    DecodingSchema(Class<D> type, Factory<D> factory, IngestConfig limits, Clock clock) {
        this.type = type;
        this.factory = factory;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        decoder = factory.create(limits, clock);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> found, Collector<D> out) {
        if (decoder == null) {
            throw new IllegalStateException("deserialize was called before open");
        }
        out.collect(
                decoder.decode(
                        new RawRecord(
                                found.topic(),
                                found.partition(),
                                found.offset(),
                                found.timestamp(),
                                found.key(),
                                found.value())));
    }

    @Override
    public TypeInformation<D> getProducedType() {
        return TypeInformation.of(type);
    }
}
