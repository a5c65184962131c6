package io.freshet.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A real Kafka broker (KRaft, one node) inside this process, for the demo and for tests. It listens
 * on 127.0.0.1 alone, on ports that were free, and keeps its data in a temporary directory that
 * goes with it. Closing it, or the end of the process, stops it.
 *
 * <p>It is formatted with {@code transaction.version=1}: with version 2 every recovery of a Flink
 * job logs "most likely signals data loss" for transactions that are committed already.
 */
public final class EmbeddedKafka implements AutoCloseable {

    /** Largest record that the broker takes, in bytes. */
    public static final int MAX_RECORD_BYTES = 32 << 20;

    // below the ephemeral ports, so that no outgoing connection takes a port before the broker does
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;
    private static final int PORT_ATTEMPTS = 100;

    private final String bootstrapServers;
    private final TemporaryDirectory directory;
    private final KafkaRaftServer server;
    private final Thread hook = new Thread(this::stop, "embedded-kafka-stop");
    private boolean stopped;

    private EmbeddedKafka(
            String bootstrapServers, TemporaryDirectory directory, KafkaRaftServer server) {
        this.bootstrapServers = bootstrapServers;
        this.directory = directory;
        this.server = server;
    }

    /**
     * Starts a broker, ready for clients when this returns (about 1.5 s).
     *
     * @throws UncheckedIOException if there is no free port or no place for its files
     */
    public static EmbeddedKafka start() {
        return start(true, properties -> {});
    }

    /**
     * Starts a broker as {@link #start()} does.
     *
     * @param adjustment changes the broker's properties; they have a listener without encryption,
     *     which clients of this class use
     */
    public static EmbeddedKafka start(Consumer<Properties> adjustment) {
        return start(true, adjustment);
    }

    /**
     * Starts a broker as {@link #start} does, except that the end of the process does not stop it:
     * for a caller that has an order in which things must end.
     */
    static EmbeddedKafka startUnhooked() {
        return start(false, properties -> {});
    }

    /** Where clients connect, as {@code host:port}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Where its files are. */
    Path directory() {
        return directory.path();
    }

    /**
     * Creates a topic and waits until it is there.
     *
     * @param configs the topic's configuration, such as {@code max.message.bytes}
     * @throws KafkaException if the broker refuses, for instance because the topic exists
     */
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(configs);
        try (Admin admin =
                Admin.create(
                        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            throw new KafkaException("Topic '" + name + "' could not be created", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while creating topic '" + name + "'", e);
        }
    }

    /** Creates a topic with the broker's defaults. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Stops the broker and deletes its files; a second call does nothing. */
    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the process is ending, and the hook has nothing left to do
        }
    }

    private static EmbeddedKafka start(boolean hooked, Consumer<Properties> adjustment) {
        try {
            int brokerPort = freePort();
            int controllerPort = freePort();
            TemporaryDirectory directory = TemporaryDirectory.create("kafka");
            Properties properties = properties(brokerPort, controllerPort, directory.path());
            adjustment.accept(properties);
            format(directory.path());
            KafkaRaftServer server =
                    new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
            EmbeddedKafka kafka = new EmbeddedKafka("127.0.0.1:" + brokerPort, directory, server);
            if (hooked) {
                Runtime.getRuntime().addShutdownHook(kafka.hook);
            }
            server.startup();
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException("An embedded Kafka broker could not be started", e);
        }
    }

    private synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        server.shutdown();
        server.awaitShutdown();
        try {
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The broker's files could not be deleted", e);
        }
    }

    /** The broker's configuration: one node on loopback. */
    static Properties properties(int brokerPort, int controllerPort, Path directory) {
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:%s,CONTROLLER://127.0.0.1:%s"
                        .formatted(brokerPort, controllerPort));
        properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + brokerPort);
        properties.put(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", directory.toString());
        properties.put("auto.create.topics.enable", "false");
        properties.put("message.max.bytes", String.valueOf(MAX_RECORD_BYTES));
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("transaction.max.timeout.ms", "3600000");
        // the default, 128 MB of heap for compaction, is for brokers that have something to compact
        properties.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
        return properties;
    }

    /** Makes a broker's data directory. */
    static void format(Path directory) throws IOException {
        Formatter formatter =
                new Formatter()
                        .setPrintStream(
                                new PrintStream(
                                        OutputStream.nullOutputStream(),
                                        false,
                                        StandardCharsets.UTF_8))
                        .setClusterId(Uuid.randomUuid().toString())
                        .setNodeId(1)
                        .setDirectories(List.of(directory.toString()))
                        .setMetadataLogDirectory(directory.toString())
                        .setControllerListenerName("CONTROLLER")
                        .setFeatureLevel("transaction.version", (short) 1);
        try {
            formatter.run();
        } catch (Exception e) { // declared so by Kafka
            throw new IOException("The broker's directory could not be formatted", e);
        }
    }

    /** A port of 127.0.0.1 that nobody listens on. */
    public static int freePort() throws IOException {
        List<Integer> tried = new ArrayList<>();
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        while (tried.size() < PORT_ATTEMPTS) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            tried.add(port);
            try (ServerSocket socket = new ServerSocket(port, 1, loopback)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                continue;
            }
        }
        throw new IOException("None of these ports of 127.0.0.1 is free: " + tried);
    }
}
