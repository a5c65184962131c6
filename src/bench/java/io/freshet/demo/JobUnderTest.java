package io.freshet.demo;

import io.freshet.FreshetJob;
import io.freshet.config.EncoderConfig;
import io.freshet.config.StoreConfig;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.configuration.Configuration;

/** The whole job on an embedded broker and cluster. */
final class JobUnderTest implements AutoCloseable {

    private final TemporaryDirectory directory;
    private final FedBroker broker;
    private final DemoCluster cluster;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    /**
     * Starts it.
     *
     * @param given options besides what it needs to run here
     */
    JobUnderTest(Configuration given) throws Exception {
        directory = TemporaryDirectory.create("benchmark");
        broker = new FedBroker();
        Configuration options = broker.addTo(new Configuration(given));
        options.set(StoreConfig.PATH, directory.path().resolve("models").toUri().toString());
        options.set(EncoderConfig.ENABLED, false);
        cluster = new DemoCluster(directory.path(), Demo.PARALLELISM, 0);
        cluster.start();
        cluster.submit(FreshetJob::build, options, end);
    }

    /** What it reads from and writes to. */
    FedBroker broker() {
        return broker;
    }

    /** Whether a checkpoint has committed all that was sent, and so what came of it. */
    boolean hasCommittedAll() throws Exception {
        if (end.isDone()) {
            end.get();
        }
        return broker.hasCommittedAll();
    }

    @Override
    public void close() throws Exception {
        cluster.close();
        broker.close();
        directory.close();
    }
}
