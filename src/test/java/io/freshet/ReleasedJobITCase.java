package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.TestingTopics.Found;
import io.freshet.history.HistoryState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole job goes on from a savepoint of every release. A file per release holds the savepoint
 * and the model store of a job that was stopped in the middle of {@link TestingStream}; a broker
 * that is sent the same stream has the same offsets, so this job goes on where that one stopped.
 * {@code -Dfreshet.golden.update=true} writes the file of the newest release.
 */
class ReleasedJobITCase {

    private static final int BEFORE = 500;
    private static final int INTERACTIONS = 840;
    private static final int LENGTH = 10;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(TestingLife.cluster());

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void write(@TempDir Path made) throws Exception {
        if (!Boolean.getBoolean("freshet.golden.update")) {
            return;
        }
        try (TestingTopics topics = new TestingTopics(TestingStream.PARTITIONS)) {
            TestingLife life = new TestingLife(topics, made);
            TestingStream.announceItems(topics);
            TestingStream.send(topics, 0, BEFORE);
            JobClient job = life.start(2, windows(2));
            topics.await("model-checkpoints", found -> number(found, "version") >= 2);
            topics.awaitRest();
            Files.move(Path.of(URI.create(life.stop(job))), made.resolve("savepoint"));
        }
        zip(made, file(ReleasedStates.newest()));
    }

    static List<String> releases() {
        return ReleasedStates.RELEASES;
    }

    @ParameterizedTest(name = "release {0}")
    @MethodSource("releases")
    void the_job_goes_on_from_a_savepoint_of_a_release(String release) throws Exception {
        unzip(file(release), directory);
        String savepoint;
        List<Found> verdicts;
        try (TestingTopics topics = new TestingTopics(TestingStream.PARTITIONS)) {
            TestingLife life = new TestingLife(topics, directory);
            TestingStream.announceItems(topics);
            TestingStream.send(topics, 0, INTERACTIONS);
            TestingStream.closeWindows(topics);
            JobClient job =
                    life.resume(directory.resolve("savepoint").toUri().toString(), 3, windows(1));
            topics.await(
                    "model-checkpoints",
                    found ->
                            number(found, "window_start_ms")
                                    == TestingStream.START + TestingStream.DAY);
            savepoint = life.stop(job);
            verdicts = topics.committed("model-checkpoints");
        }

        assertThat(TestingSavepoint.states(savepoint))
                .containsAll(ReleasedStates.OWN.keySet())
                .isSubsetOf(ReleasedStates.names());
        Map<String, HistoryState> histories = TestingSavepoint.histories(savepoint);
        for (int user = 0; user < TestingStream.USERS; user++) {
            HistoryState found = histories.getOrDefault("user-" + user, new HistoryState());
            HistoryState expected =
                    TestingStream.history(user, TestingStream.count(user, INTERACTIONS), LENGTH);
            assertThat(found.remembered).isEqualTo(expected.remembered);
            assertThat(found.items).isEqualTo(expected.items);
            assertThat(found.timestamps).isEqualTo(expected.timestamps);
        }
        assertThat(verdicts.get(verdicts.size() - 1).json().get("trained_offsets"))
                .extracting(range -> range.get("count").asInt())
                .hasSize(TestingStream.PARTITIONS)
                .containsOnly(INTERACTIONS / TestingStream.PARTITIONS + 1);
    }

    private static Map<String, String> windows(int updatesPerVersion) {
        Map<String, String> options = TestingLife.options();
        options.put("training.min-interactions", "100");
        options.put("training.max-interactions", "100");
        options.put("training.updates-per-version", String.valueOf(updatesPerVersion));
        return options;
    }

    private static long number(Found found, String field) {
        return found.json().get(field).asLong();
    }

    private static Path file(String release) {
        return Path.of("src/test/resources/golden/release-" + release + "/job.zip");
    }

    /** The savepoint and the models; checkpoints are left out. */
    private static void zip(Path directory, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out);
                Stream<Path> walk = Files.walk(directory)) {
            for (Path each : walk.filter(Files::isRegularFile).sorted().toList()) {
                String name = directory.relativize(each).toString();
                if (name.startsWith("savepoint/") || name.startsWith("models/")) {
                    zip.putNextEntry(new ZipEntry(name));
                    Files.copy(each, zip);
                }
            }
        }
    }

    private static void unzip(Path file, Path directory) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path to = directory.resolve(entry.getName());
                Files.createDirectories(to.resolve(".."));
                Files.copy(zip, to);
            }
        }
    }
}
