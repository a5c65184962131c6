package io.freshet.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * The broker of {@link EmbeddedKafka} as a process of its own, which finds its data again when it
 * is started in the same directory. Arguments: its port, its controller's port, its directory.
 */
public final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[2]);
        if (Files.notExists(directory.resolve("meta.properties"))) {
            Files.createDirectories(directory);
            EmbeddedKafka.format(directory);
        }
        KafkaConfig config =
                new KafkaConfig(
                        EmbeddedKafka.properties(
                                Integer.parseInt(args[0]), Integer.parseInt(args[1]), directory),
                        false);
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        server.startup();
        server.awaitShutdown();
    }
}
