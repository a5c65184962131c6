package io.freshet.cluster;

import io.freshet.demo.BrokerMain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A Kafka broker that can be killed, and started again at its port with its data. */
final class Broker implements AutoCloseable {

    private final Path directory;
    private final int port = Ports.free();
    private final int controllerPort = Ports.free();
    private ChildJvm process;

    /** Starts a broker. */
    Broker(Path directory) {
        this.directory = directory;
        this.process = launch();
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** As {@code kill -9}. */
    void kill() {
        process.kill();
    }

    /** Starts it again after {@link #kill}; returns when it listens. */
    void restart() {
        process = launch();
    }

    @Override
    public void close() {
        process.close();
    }

    private ChildJvm launch() {
        ChildJvm launched =
                ChildJvm.start(
                        new ChildJvm.Command(
                                "broker",
                                BuiltJars.tests(),
                                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                                Map.of(),
                                BrokerMain.class.getName(),
                                List.of(
                                        String.valueOf(port),
                                        String.valueOf(controllerPort),
                                        directory.resolve("broker").toString())),
                        directory);
        launched.awaitPort(port);
        return launched;
    }
}
