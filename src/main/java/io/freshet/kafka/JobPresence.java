package io.freshet.kafka;

import io.freshet.config.KafkaConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows on the brokers that a job lives: passes its input on, and is, as long as its task runs, a
 * member of the consumer groups {@code <kafka.transactional-id-prefix>-owner} and {@code
 * <kafka.group-id>-owner}. The job's own group has no members, because Flink assigns partitions
 * itself; and transactions look the same whether their producer lives or has died.
 *
 * <p>The members read nothing. A task that ends leaves at once; one that is killed is out after
 * {@link #SESSION}. A job that can't be a member runs on without being seen.
 */
public final class JobPresence<T> extends RichMapFunction<T, T> {

    private static final Logger LOG = LoggerFactory.getLogger(JobPresence.class);

    /** Time after which a member that is silent counts as dead. */
    static final Duration SESSION = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration LEAVE = Duration.ofSeconds(2);
    private static final long serialVersionUID = 1L;

    private final KafkaConfig kafka;
    private final Properties properties;

    private transient List<Member> members;

    /**
     * @param properties client properties, those of sources and sinks
     */
    @SuppressWarnings("NullAway.Init") // members are made in open
    public JobPresence(KafkaConfig kafka, Properties properties) {
        this.kafka = kafka;
        this.properties = properties;
    }

    /** The group whose member lives as long as the owner of a name. */
    static String group(String name) {
        return name + KafkaConfig.OWNER_GROUP_SUFFIX;
    }

    @Override
    public void open(OpenContext context) {
        members = new ArrayList<>();
        String job = getRuntimeContext().getJobInfo().getJobId().toString();
        Set<String> names = new TreeSet<>(Set.of(kafka.groupId()));
        names.add(kafka.transactionalIdPrefix());
        for (String name : names) {
            members.add(new Member(group(name), job));
        }
        members.forEach(Thread::start);
    }

    @Override
    public T map(T value) {
        return value;
    }

    @Override
    public void close() throws InterruptedException {
        if (members != null) {
            members.forEach(Member::leave);
            for (Member member : members) {
                member.join(2 * LEAVE.toMillis());
            }
        }
    }

    /** One membership, on a thread of its own. */
    private final class Member extends Thread {

        private final String group;
        private final String job;
        private volatile boolean leaving;
        private volatile KafkaConsumer<byte[], byte[]> consumer;

        @SuppressWarnings("NullAway.Init") // the consumer is made on the thread
        Member(String group, String job) {
            super(group);
            this.group = group;
            this.job = job;
            setDaemon(true);
        }

        void leave() {
            leaving = true;
            KafkaConsumer<byte[], byte[]> polling = consumer;
            if (polling != null) {
                polling.wakeup();
            }
        }

        @Override
        public void run() {
            try {
                consumer = consumer();
                stay(consumer);
            } catch (KafkaException e) {
                LOG.warn(
                        "The job runs on, but is no member of group {}, so a second one with the"
                                + " same names would not be refused: {}",
                        group,
                        ClientFailure.reason(e));
            }
        }

        private void stay(KafkaConsumer<byte[], byte[]> member) {
            try {
                member.subscribe(List.of(kafka.controlsTopic()), new Pause(member));
                while (!leaving) {
                    member.poll(POLL);
                }
            } catch (WakeupException e) {
                LOG.debug("The job leaves group {}", group, e);
            } finally {
                member.close(CloseOptions.timeout(LEAVE));
            }
        }

        private KafkaConsumer<byte[], byte[]> consumer() {
            Properties client = new Properties();
            client.putAll(properties);
            client.setProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
            client.setProperty(ConsumerConfig.GROUP_ID_CONFIG, group);
            client.setProperty(ConsumerConfig.CLIENT_ID_CONFIG, "job-" + job);
            client.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
            client.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
            client.setProperty(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
            client.setProperty(
                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, String.valueOf(SESSION.toMillis()));
            return new KafkaConsumer<>(
                    client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
    }

    /** Keeps a member from reading. */
    private record Pause(KafkaConsumer<byte[], byte[]> consumer)
            implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
    }
}
