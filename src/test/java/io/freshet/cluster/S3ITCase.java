package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.cli.models.ModelsCommand;
import io.freshet.cli.status.StatusCommand;
import io.freshet.config.StoreConfig;
import io.freshet.event.ModelRevision;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import io.freshet.store.StoreWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

/**
 * The store and the checkpoints on S3, through Flink's plugin, as the task managers use them; the
 * job is looked after by the command line.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@ExtendWith(ShowLogs.class)
class S3ITCase {

    private static final int INTERACTIONS = 2_000;
    private static final int WINDOW = 200;

    /** What a busy machine brings about, and hours that go by in milliseconds. */
    private static final Set<String> OF_LOAD =
            Set.of("FreshetBacklogOld", "FreshetListsSlow", "FreshetBackPressure");

    private static final Pattern RUNBOOK = Pattern.compile("Freshet[A-Z][A-Za-z]+");

    private final StringWriter printed = new StringWriter();

    @AfterEach
    void unloadPlugin() {
        FileSystem.initialize(new Configuration(), null);
    }

    @Test
    void theJobKeepsModelsAndStateInABucketAndLosesNothing() throws Exception {
        ShopStream stream = ShopStream.generated(8, INTERACTIONS);
        try (S3Server s3 = new S3Server("freshet", RunDirectory.create("s3-server"))) {
            Map<String, String> flink = new TreeMap<>(s3.flinkOptions());
            flink.put("execution.checkpointing.dir", s3.uri("checkpoints"));
            Map<String, String> options = Map.of("store.path", s3.uri("models"));
            try (ClusterRun run = new ClusterRun("s3", stream, WINDOW, false, flink, options)) {
                run.sendUpTo(0.4);
                run.awaitVersion(2);
                Await.until(
                        "a job that is well but for its load",
                        () -> OF_LOAD.containsAll(runbooks(run)),
                        printed::toString);
                assertThat(printed.toString()).contains("live model", "item rows");
                rollBackToAVersionThatIsNotThere(run);

                run.replaceTaskManager(1);
                Await.until(
                        "a status that names the failure",
                        () -> runbooks(run).contains("FreshetRestarts"),
                        printed::toString);
                assertThat(run.store()).doesNotExist();
                assertThat(run.store().resolveSibling("checkpoints")).doesNotExist();
                new Expect(stream, run.finish()).nothingLostAndNothingTwice();
            }

            loadPlugin(s3);
            try (ModelStore store = new ModelStore(config(s3, "models"))) {
                List<Long> versions = store.versions();
                assertThat(versions).hasSizeGreaterThanOrEqualTo(INTERACTIONS / WINDOW);
                for (long version : versions) {
                    store.verify(version);
                }
            }
            theStoreKeepsItsPromises(s3);
        }
    }

    /** The entries of the handbook that the status names. */
    private Set<String> runbooks(ClusterRun run) {
        printed.getBuffer().setLength(0);
        int code = execute(new StatusCommand(), "--rest", run.cluster().rest().address());
        Set<String> runbooks =
                RUNBOOK.matcher(printed.toString())
                        .results()
                        .map(MatchResult::group)
                        .collect(Collectors.toSet());
        assertThat(code).isEqualTo(runbooks.isEmpty() ? 0 : 1);
        return runbooks;
    }

    private void rollBackToAVersionThatIsNotThere(ClusterRun run) {
        String brokers = "kafka.bootstrap-servers=" + run.broker().bootstrapServers();
        int code = execute(new ModelsCommand(), "rollback", "99", "-O", brokers);
        assertThat(code).isOne();
        assertThat(printed.toString()).contains("refused", "Version 99 was never announced");
    }

    private int execute(Object command, String... arguments) {
        return new CommandLine(command).setOut(new PrintWriter(printed, true)).execute(arguments);
    }

    /** What the store's own tests say of a local directory. */
    private static void theStoreKeepsItsPromises(S3Server s3) throws IOException {
        StoreConfig config = config(s3, "promises");
        StoreWriter writer = new StoreWriter("first");
        try (ModelStore store = new ModelStore(config, writer)) {
            store.unannounced(1);
            write(store, 1);
            assertThat(store.versions()).containsExactly(1L);
            assertThat(store.localCopy(1, null).resolve("variables/variables.data"))
                    .hasContent("weights");
            assertThatThrownBy(() -> write(store, 1)).isInstanceOf(StoreException.class);
            assertThat(store.deleteUnannounced(1)).containsExactly(1L);
            assertThat(store.isTaken(1)).isFalse();

            for (long version = 1; version <= 4; version++) {
                write(store, version);
            }
            store.announced(4);
            store.keep(1, "savepoint");
            assertThat(store.retain(4, 4, Set.of())).containsExactly(2L);
            assertThat(store.versions()).containsExactly(1L, 3L, 4L);

            try (ModelStore taker = new ModelStore(config, new StoreWriter("second"))) {
                taker.clean();
                assertThatThrownBy(() -> store.delete(3))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("names another writer");
            }
        }
    }

    private static void write(ModelStore store, long version) throws IOException {
        Manifest draft =
                Manifest.draft(
                        version,
                        ModelRevision.NONE,
                        new Manifest.Window(version, 0, 1, 0),
                        new Manifest.Training(List.of(), List.of(), Map.of(), Map.of()),
                        new Manifest.Work("key", "shape", "no content", "better"));
        store.write(
                draft,
                new String[] {"", "item"},
                directory -> {
                    Files.createDirectory(directory.resolve("variables"));
                    Files.writeString(directory.resolve("variables/variables.data"), "weights");
                });
    }

    private static StoreConfig config(S3Server s3, String path) {
        return new StoreConfig(s3.uri(path), 2, 0);
    }

    private static void loadPlugin(S3Server s3) throws IOException {
        FileSystem.initialize(
                Configuration.fromMap(s3.flinkOptions()),
                new DefaultPluginManager(
                        new DirectoryBasedPluginFinder(BuiltJars.plugins().get(0).getParent())
                                .findPlugins(),
                        CoreOptions.getPluginParentFirstLoaderPatterns(new Configuration())));
    }
}
