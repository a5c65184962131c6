package io.freshet.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A server of the S3 protocol, Adobe's S3Mock, with an empty bucket. */
final class S3Server implements AutoCloseable {

    private static final String PROPERTIES = "--com.adobe.testing.s3mock.";

    private final String bucket;
    private final int port = Ports.free();
    private final ChildJvm process;

    /** Starts it, ready when this returns. */
    S3Server(String bucket, Path directory) {
        this.bucket = bucket;
        this.process =
                ChildJvm.startJar(
                        "s3",
                        List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                        BuiltJars.s3Server(),
                        List.of(
                                "--server.address=127.0.0.1",
                                "--server.port=" + Ports.free(), // of its HTTPS, not used
                                PROPERTIES + "http-port=" + port,
                                PROPERTIES + "store.root=" + directory.resolve("s3"),
                                PROPERTIES + "store.initial-buckets=" + bucket),
                        directory);
        Await.until(
                "S3 with a bucket",
                () -> {
                    process.requireAlive();
                    return process.output().contains("Started S3MockApplication");
                });
    }

    /** A place in the bucket. */
    String uri(String path) {
        return "s3://" + bucket + "/" + path;
    }

    /** What Flink's plugin needs to find it. */
    Map<String, String> flinkOptions() {
        Map<String, String> options = new TreeMap<>();
        options.put("s3.endpoint", "http://127.0.0.1:" + port);
        options.put("s3.path-style-access", "true");
        options.put("s3.region", "us-east-1");
        options.put("s3.access-key", "reader-and-writer");
        options.put("s3.secret-key", "not-checked");
        return options;
    }

    @Override
    public void close() {
        process.close();
    }
}
