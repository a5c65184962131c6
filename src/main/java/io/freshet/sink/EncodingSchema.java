package io.freshet.sink;

import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Runs an encoder inside a Kafka sink. Records carry the time of writing, not event time: a topic's
 * retention counts from it, and would drop records of a replayed past at once.
 *
 * @param <E> the event
 */
final class EncodingSchema<E> implements KafkaRecordSerializationSchema<E> {

    private static final long serialVersionUID = 1;

    private final String topic;
    private final EventEncoder<E> encoder;

    EncodingSchema(String topic, EventEncoder<E> encoder) {
        this.topic = topic;
        this.encoder = encoder;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            E event, KafkaSinkContext context, @Nullable Long timestamp) {
        return new ProducerRecord<>(
                topic, partition(event, context), bytes(encoder.key(event)), encoder.value(event));
    }

    /** Null where the producer goes by the key. */
    private @Nullable Integer partition(E event, KafkaSinkContext context) {
        String place = encoder.place(event);
        if (place.isEmpty()) {
            return null;
        }
        int[] partitions = context.getPartitionsForTopic(topic);
        return partitions[Utils.toPositive(Utils.murmur2(bytes(place))) % partitions.length];
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
