package io.freshet.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.config.KafkaConfig;
import io.freshet.event.Control;
import io.freshet.runtime.ConstantNames;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends controls to a running job, and waits for what became of them. Not thread-safe. */
public final class ControlClient implements Closeable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final ObjectMapper json = new ObjectMapper();
    private final KafkaConfig kafka;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * What became of a control, as topic {@code audit} says.
     *
     * @param outcome {@code applied}, {@code refused} or {@code repeated}
     * @param reason why or how; may be empty
     */
    public record Answer(String outcome, String reason) {

        /** Whether the job did what was asked. */
        public boolean isApplied() {
            return outcome.equals("applied");
        }
    }

    /**
     * @param properties client properties, those of sources and sinks
     * @throws IOException if no client can be made of them; the message repeats no secret
     */
    public ControlClient(KafkaConfig kafka, Properties properties) throws IOException {
        this.kafka = kafka;
        Properties client = new Properties();
        client.putAll(properties);
        client.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        client.setProperty(ProducerConfig.CLIENT_ID_CONFIG, kafka.groupId() + "-controls");
        Properties reading = new Properties();
        reading.putAll(client);
        reading.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        try {
            producer =
                    new KafkaProducer<>(
                            client, new ByteArraySerializer(), new ByteArraySerializer());
            consumer =
                    new KafkaConsumer<>(
                            reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw new IOException(
                    "Found kafka.properties.* that no client can be made of: "
                            + ClientFailure.reason(e));
        }
    }

    /**
     * Sends a rollback, as {@link #send}.
     *
     * @param origin what its id begins with
     * @param update since the version, 0 for the version itself
     */
    public Answer rollBack(String origin, long version, long update, Duration patience)
            throws IOException, InterruptedException {
        Control control =
                new Control(
                        origin + "-" + UUID.randomUUID(),
                        Control.Kind.ROLLBACK,
                        "",
                        System.currentTimeMillis(),
                        version,
                        update);
        return send(control, patience);
    }

    /**
     * Sends a control, and waits for the job's answer, which comes with the job's next checkpoint.
     *
     * @param patience longest time to wait
     * @throws IOException if the brokers don't take it, or there is no answer in time: the control
     *     may then be carried out later
     */
    public Answer send(Control control, Duration patience)
            throws IOException, InterruptedException {
        try {
            List<TopicPartition> audit =
                    consumer.partitionsFor(kafka.auditTopic()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(audit);
            consumer.seekToEnd(audit);
            audit.forEach(consumer::position); // seeks now, before the answer can be there
            producer.send(new ProducerRecord<>(kafka.controlsTopic(), encode(control))).get();
            return await(control, patience);
        } catch (ExecutionException | KafkaException e) {
            throw new IOException(
                    "Found no way to send the control to topic %s of %s: %s"
                            .formatted(
                                    kafka.controlsTopic(),
                                    kafka.bootstrapServers(),
                                    ClientFailure.reason(e)));
        }
    }

    private Answer await(Control control, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - end < 0) {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                JsonNode outcome = json.readTree(found.value());
                if (outcome.path("control_id").asText().equals(control.controlId())) {
                    return new Answer(
                            outcome.path("outcome").asText(), outcome.path("reason").asText());
                }
            }
        }
        throw new IOException(
                "Found no answer to control %s on topic %s within %d s; expected one with the job's next checkpoint. Does the job run? It carries the control out when it does"
                        .formatted(control.controlId(), kafka.auditTopic(), patience.toSeconds()));
    }

    private byte[] encode(Control control) throws IOException {
        ObjectNode fields = json.createObjectNode();
        fields.put("control_id", control.controlId());
        fields.put("kind", ConstantNames.of(control.kind()));
        fields.put("timestamp_ms", control.timestamp());
        if (control.kind() == Control.Kind.FORGET_USER) {
            fields.put("user_id", control.userId());
        }
        if (control.kind() == Control.Kind.ROLLBACK) {
            fields.put("version", control.version());
            if (control.update() > 0) {
                fields.put("update", control.update());
            }
        }
        return json.writeValueAsBytes(fields);
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
