package io.freshet.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.StoreConfig;
import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelStoreTest {

    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final String[] ITEMS = {"", "apple", "", "two\nlines"};

    @TempDir private Path root;
    private ModelStore store;

    @BeforeEach
    void openStore() {
        store = new ModelStore(config(root), FileSystem.getLocalFileSystem(), CLOCK, null);
    }

    @Test
    void an_empty_store_has_no_versions() throws IOException {
        assertThat(store.versions()).isEmpty();
        assertThat(store.newest()).isEmpty();
        assertThat(store(root.resolve("missing")).versions()).isEmpty();
    }

    @Test
    void a_version_is_written_whole_and_reads_back() throws IOException {
        Manifest written = write(7);

        assertThat(store.versions()).containsExactly(7L);
        assertThat(store.newest()).hasValue(7);
        assertThat(store.verify(7)).isEqualTo(written);
        assertThat(written.createdAt()).isEqualTo("2026-11-21T00:00:00Z");
        assertThat(written.files())
                .extracting(Manifest.FileEntry::path)
                .containsExactly("saved_model.pb", "variables/variables.index", "vocabulary.txt");
        assertThat(written.files().get(0).size()).isEqualTo(5);
        assertThat(written.files().get(0).sha256())
                .isEqualTo("eef93e1d14482804277fca0172464032d1a4fdbcc338524059fa1e861454ad4d");
        assertThat(store.localCopy(7, null)).isEqualTo(root.resolve("7"));
    }

    @Test
    void what_goes_while_the_store_is_looked_through_is_no_failure() throws Exception {
        Path mark = Files.createDirectories(root.resolve("unannounced")).resolve("7-written");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> other =
                CompletableFuture.runAsync(
                        () -> {
                            while (!done.get()) {
                                writeAndDelete(mark);
                                LockSupport.parkNanos(200_000);
                            }
                        });
        try {
            for (int look = 0; look < 2_000; look++) {
                assertThat(store.unannounced()).isSubsetOf(7L);
            }
        } finally {
            done.set(true);
            other.get(1, TimeUnit.MINUTES);
        }
    }

    private static void writeAndDelete(Path file) {
        try {
            Files.writeString(file, "");
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void line_n_of_the_vocabulary_is_row_n() throws IOException {
        write(1);

        assertThat(Files.readAllLines(root.resolve("1/vocabulary.txt")))
                .containsExactly("apple", "", "two\\nlines");
    }

    @Test
    void a_manifest_has_the_layout_that_users_read() throws IOException {
        write(7);

        String json = Files.readString(root.resolve("7/manifest.json"));
        assertThat(json.replaceAll("(?s)\\Q}, {\\E.*?\\]", "}, … ]"))
                .isEqualTo(
                        """
                        {
                          "version" : 7,
                          "parent" : 6,
                          "created_at" : "2026-11-21T00:00:00Z",
                          "window" : 8,
                          "window_start" : 10,
                          "window_end" : 100,
                          "trained_through" : 99,
                          "offsets" : [ {
                            "partition" : 0,
                            "first" : 10,
                            "last" : 19,
                            "count" : 10
                          } ],
                          "trained_offsets" : [ {
                            "partition" : 0,
                            "first" : 0,
                            "last" : 19,
                            "count" : 20
                          } ],
                          "counts" : {
                            "interactions" : 10
                          },
                          "config_hash" : "c0ffee",
                          "content" : "text[2] by testing",
                          "metrics" : {
                            "loss" : 1.5
                          },
                          "key" : "key",
                          "reason" : "better",
                          "files" : [ {
                            "path" : "saved_model.pb",
                            "size" : 5,
                            "sha256" : "eef93e1d14482804277fca0172464032d1a4fdbcc338524059fa1e861454ad4d"
                          }, … ],
                          "last_update" : 3,
                          "last_update_fingerprint" : "beef",
                          "writer" : "freshet",
                          "format" : 1
                        }""");
    }

    @Test
    void a_manifest_of_an_earlier_release_names_no_update() throws IOException {
        write(1);
        Path manifest = root.resolve("1/manifest.json");
        String json = Files.readString(manifest);
        String earlier = json.replaceAll("  \"last_update.*\n", "");
        assertThat(earlier).isNotEqualTo(json);
        Files.writeString(manifest, earlier);

        assertThat(store.verify(1).lastUpdate()).isZero();
        assertThat(store.verify(1).lastUpdateFingerprint()).isEmpty();
    }

    @Test
    void the_checksum_of_a_file_is_found_by_its_path() throws IOException {
        Manifest manifest = write(1);

        assertThat(manifest.sha256("saved_model.pb")).startsWith("eef93e1d");
        assertThat(manifest.sha256("missing")).isEmpty();
    }

    @Test
    void numbers_are_ordered_as_numbers_and_other_names_are_passed_over() throws IOException {
        write(10);
        write(9);
        Files.createDirectories(root.resolve("latest"));
        Files.createDirectories(root.resolve("011"));
        Files.createDirectories(root.resolve("12"));

        assertThat(store.versions()).containsExactly(9L, 10L);
        assertThat(store.newest()).hasValue(10);
        assertThat(store.manifests(10)).extracting(Manifest::version).containsExactly(10L);
    }

    @Test
    void a_directory_of_somebody_else_costs_its_own_number_alone() throws IOException {
        write(1);
        write(2);
        Files.createDirectories(root.resolve("20251201"));
        assertThat(store.nextNumber(1)).isEqualTo(3);
        assertThat(store.nextNumber(5)).isEqualTo(5);

        Files.writeString(root.resolve("20251201/manifest.json"), "{\"name\": \"theirs\"}");
        Files.writeString(root.resolve("3"), "a file");
        Files.createDirectories(root.resolve("4"));
        assertThat(store.nextNumber(1)).isEqualTo(5);
        assertThat(store.nextNumber(20251201)).isEqualTo(20251202);
        assertThat(store.isTaken(4)).isTrue();
        assertThat(store.isTaken(5)).isFalse();
        assertThatThrownBy(() -> write(4))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("/4 exists already and has [], expected a free number");
    }

    @Test
    void versions_of_another_timeline_are_passed_over_and_unannounced_ones_deleted()
            throws IOException {
        for (long version = 1; version <= 5; version++) {
            store.unannounced(version);
            write(version);
        }
        store.announced(3);
        store.unannounced(6);
        Files.createDirectories(root.resolve("6/variables"));
        store.keep(4, "savepoint-1-of-job-ab");

        assertThat(store.deleteUnannounced(2)).containsExactly(5L, 6L);
        assertThat(store.nextNumber(2)).isEqualTo(5);
        assertThat(store.versions()).containsExactly(1L, 2L, 3L, 4L);
        store.release("savepoint-1-of-job-ab");
        assertThat(store.deleteUnannounced(5)).isEmpty();
        assertThat(store.deleteUnannounced(2)).containsExactly(4L);
        assertThat(store.nextNumber(2)).isEqualTo(4);
    }

    @Test
    void a_failed_write_leaves_nothing_behind() throws IOException {
        assertThatThrownBy(
                        () ->
                                store.write(
                                        draft(1),
                                        ITEMS,
                                        directory -> {
                                            Files.writeString(
                                                    directory.resolve("saved_model.pb"), "half");
                                            throw new IOException("disk full");
                                        }))
                .hasMessage("disk full");

        assertThat(names(root)).isEmpty();
    }

    @Test
    void nobody_sees_a_version_that_is_being_written() throws IOException {
        store.write(
                draft(1),
                ITEMS,
                directory -> {
                    assertThat(store.versions()).isEmpty();
                    assertThat(directory.getFileName().toString()).startsWith(".writing-1-");
                    content(directory);
                });

        assertThat(names(root)).containsExactly("1");
    }

    @Test
    void a_number_is_given_once() throws IOException {
        write(1);

        assertThatThrownBy(() -> write(1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("exists already")
                .hasMessageContaining("manifest.json");
        assertThat(names(root)).containsExactly("1");
    }

    @Test
    void a_missing_version_is_refused_with_those_that_exist() throws IOException {
        write(3);

        assertThatThrownBy(() -> store.verify(4))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("No version 4")
                .hasMessageContaining("[3]");
    }

    @Test
    void a_foreign_directory_is_refused_with_what_it_has() throws IOException {
        Files.createDirectories(root.resolve("5/assets"));

        assertThatThrownBy(() -> store.localCopy(5, null))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has no manifest.json")
                .hasMessageContaining("[assets]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_file_with_other_content_is_refused_with_both_checksums(boolean distant)
            throws IOException {
        store = distant ? distant() : store;
        write(1);
        for (String found : List.of("graff", "grap", "graph.", "")) {
            Files.writeString(root.resolve("1/saved_model.pb"), found);

            assertThatThrownBy(() -> store.localCopy(1, null))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("saved_model.pb is damaged: found " + found.length())
                    .hasMessageContaining("expected 5 bytes with eef93e1d")
                    .hasMessageContaining("put the directory back");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void missing_and_surplus_files_are_refused_by_name(boolean distant) throws IOException {
        store = distant ? distant() : store;
        write(1);
        Files.writeString(root.resolve("1/variables/variables.data"), "of whom");
        assertThatThrownBy(() -> store.localCopy(1, null))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("does not list: [variables/variables.data]");

        Files.delete(root.resolve("1/variables/variables.data"));
        Files.delete(root.resolve("1/variables/variables.index"));
        assertThatThrownBy(() -> store.localCopy(1, null))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("variables.index is missing, expected 12 bytes");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_whole_version_of_somebody_else_is_refused_by_its_fingerprint(boolean distant)
            throws IOException {
        store = distant ? distant() : store;
        String fingerprint = write(1).fingerprint();
        assertThat(store.localCopy(1, fingerprint)).exists();
        Files.move(root.resolve("1"), root.resolve(".mine"));
        String other = store.write(draft(1), ITEMS, ModelStoreTest::content).fingerprint();

        assertThatThrownBy(() -> store.localCopy(1, fingerprint))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(fingerprint)
                .hasMessageContaining(other)
                .hasMessageContaining("is store.path right");
    }

    @Test
    void a_fingerprint_is_the_checksum_of_what_sha256sum_prints() throws Exception {
        Manifest manifest = write(1);
        StringBuilder printed = new StringBuilder();
        for (Manifest.FileEntry file : manifest.files()) {
            printed.append(file.sha256()).append("  ").append(file.path()).append("\n");
        }
        byte[] digest =
                MessageDigest.getInstance("SHA-256")
                        .digest(printed.toString().getBytes(StandardCharsets.UTF_8));

        assertThat(manifest.fingerprint()).isEqualTo(HexFormat.of().formatHex(digest));
        assertThat(write(2).fingerprint()).isNotEqualTo(manifest.fingerprint());
    }

    @Test
    void a_format_of_a_later_release_is_refused_and_files_without_one_are_read()
            throws IOException {
        write(1);
        Path manifest = root.resolve("1/manifest.json");
        String json = Files.readString(manifest);
        assertThat(json).contains("\"format\" : 1");
        Files.writeString(manifest, json.replace("\"format\" : 1", "\"format\" : 2"));
        assertThatThrownBy(() -> store.verify(1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is of format 2, expected at most 1");

        Files.writeString(manifest, json.replace("\"format\" : 1", "\"unknown\" : 7"));
        assertThat(store.verify(1).version()).isEqualTo(1);
    }

    @Test
    void a_manifest_of_another_version_or_none_at_all_is_refused() throws IOException {
        write(1);
        Files.move(root.resolve("1"), root.resolve("2"));
        Files.createDirectories(root.resolve("3"));
        Files.writeString(root.resolve("3/manifest.json"), "{\"name\": \"theirs\"}");
        Files.createDirectories(root.resolve("4"));
        Files.writeString(root.resolve("4/manifest.json"), "not json");

        assertThatThrownBy(() -> store.verify(2)).hasMessageContaining("is of version 1");
        assertThatThrownBy(() -> store.verify(3)).hasMessageContaining("is not a manifest");
        assertThatThrownBy(() -> store.verify(4)).hasMessageContaining("is not a manifest");
    }

    @Test
    void a_manifest_can_not_point_outside_of_its_directory() throws IOException {
        write(1);
        Path manifest = root.resolve("1/manifest.json");
        Files.writeString(root.resolve("secret"), "x");
        String json = Files.readString(manifest);
        for (String path : List.of("../secret", "/etc/passwd", "a/../../secret", "")) {
            Files.writeString(manifest, json.replace("saved_model.pb", path));
            assertThatThrownBy(() -> store.verify(1))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("lists a file outside of it: '" + path + "'");
        }
    }

    @Test
    void a_version_is_a_positive_number() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.path(0));
        assertThatIllegalArgumentException().isThrownBy(() -> store.path(-3));
    }

    @Test
    void retention_keeps_the_newest_the_live_the_named_and_what_state_may_need()
            throws IOException {
        for (long version = 1; version <= 9; version++) {
            write(version);
        }

        assertThat(store.retain(7, 5, Set.of(2L))).containsExactly(1L, 3L, 4L);
        assertThat(store.versions()).containsExactly(2L, 5L, 6L, 7L, 8L, 9L);
        assertThat(store.retain(8, 8, Set.of())).containsExactly(2L, 5L, 6L);
        assertThat(store.versions()).containsExactly(7L, 8L, 9L);
        assertThat(names(root)).containsExactly("7", "8", "9");
    }

    @Test
    void a_version_that_is_marked_stays_until_the_mark_is_deleted() throws IOException {
        for (long version = 1; version <= 6; version++) {
            write(version);
        }
        store.keep(2, "savepoint-10-of-job-ab");
        store.keep(2, "savepoint-11-of-job-ab");
        store.keep(2, "savepoint-11-of-job-ab");

        assertThat(names(root.resolve("kept")))
                .containsExactly("2-savepoint-10-of-job-ab", "2-savepoint-11-of-job-ab");
        assertThat(store.retain(6, 6, Set.of())).containsExactly(1L, 3L, 4L);
        Files.delete(root.resolve("kept/2-savepoint-10-of-job-ab"));
        assertThat(store.retain(6, 6, Set.of())).isEmpty();
        Files.delete(root.resolve("kept/2-savepoint-11-of-job-ab"));
        assertThat(store.retain(6, 6, Set.of())).containsExactly(2L);
    }

    @Test
    void leftovers_of_crashed_writers_are_cleaned() throws IOException {
        write(1);
        Files.createDirectories(root.resolve(".writing-2-abc/variables"));
        Files.createDirectories(root.resolve(".deleting-1-abc"));

        store.clean();

        assertThat(names(root)).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_writer_that_was_replaced_changes_nothing_any_more(boolean distant) throws IOException {
        ModelStore first = writing("job a", distant);
        ModelStore second = writing("job b", distant);
        first.clean();
        first.unannounced(1);
        store = first;
        write(1);
        second.announced(0);

        for (ThrowingCallable use :
                List.<ThrowingCallable>of(
                        first::clean,
                        () -> first.unannounced(2),
                        () -> first.announced(1),
                        () -> first.delete(1),
                        () -> write(2))) {
            assertThatThrownBy(use)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("found 'job b, ")
                    .hasMessageContaining("expected 'job a, ")
                    .hasMessageContaining("store.path of its own");
        }
        assertThat(names(root)).containsExactly("1", "unannounced", "writer");
        assertThat(names(root.resolve("unannounced"))).containsExactly("1-written");
        assertThat(first.verify(1).version()).isEqualTo(1);
        second.delete(1);
        assertThat(second.versions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_writer_that_is_replaced_while_it_writes_gives_no_number(boolean distant)
            throws IOException {
        ModelStore first = writing("job a", distant);
        ModelStore second = writing("job b", distant);

        assertThatThrownBy(
                        () ->
                                first.write(
                                        draft(1),
                                        ITEMS,
                                        directory -> {
                                            first.clean();
                                            second.clean();
                                            content(Files.createDirectories(directory));
                                        }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(names(root)).containsExactly("writer");
    }

    @Test
    void a_writer_whose_name_was_deleted_puts_it_back() throws IOException {
        ModelStore only = writing("job a", false);
        only.clean();
        Files.delete(root.resolve("writer"));

        only.unannounced(1);
        assertThat(root.resolve("writer")).content().startsWith("job a, ");
    }

    @Test
    void a_distant_store_is_copied_verified_and_the_copies_go_with_it() throws IOException {
        store = distant();
        write(1);
        write(2);
        write(3);

        Path copy = store.localCopy(1, null);
        assertThat(copy).isNotEqualTo(root.resolve("1"));
        assertThat(copy.resolve("variables/variables.index")).hasContent("weights of 1");
        store.localCopy(2, null);
        Path third = store.localCopy(3, null);
        assertThat(copy).doesNotExist();
        Files.writeString(root.resolve("1/saved_model.pb"), "graff");
        assertThatThrownBy(() -> store.localCopy(1, null)).hasMessageContaining("is damaged");

        store.close();
        assertThat(third).doesNotExist();
        assertThat(names(root)).containsExactly("1", "2", "3");
    }

    private Manifest write(long version) throws IOException {
        return store.write(
                draft(version),
                ITEMS,
                directory -> {
                    content(directory);
                    Files.writeString(
                            directory.resolve("variables/variables.index"),
                            "weights of " + version);
                });
    }

    private static void content(Path directory) throws IOException {
        Files.createDirectories(directory.resolve("variables"));
        Files.writeString(directory.resolve("saved_model.pb"), "graph");
    }

    private static Manifest draft(long version) {
        return Manifest.draft(
                version,
                new ModelRevision(version - 1, null, 3, "beef"),
                new Manifest.Window(version + 1, 10, 100, 99),
                new Manifest.Training(
                        List.of(new OffsetRange(0, 10, 19, 10)),
                        List.of(new OffsetRange(0, 0, 19, 20)),
                        Map.of("interactions", 10L),
                        Map.of("loss", 1.5)),
                new Manifest.Work("key", "c0ffee", "text[2] by testing", "better"));
    }

    private static StoreConfig config(Path root) {
        return new StoreConfig(root.toUri().toString(), 2, 0);
    }

    private static ModelStore store(Path root) {
        return new ModelStore(config(root), FileSystem.getLocalFileSystem(), CLOCK, null);
    }

    private ModelStore writing(String who, boolean distant) {
        return new ModelStore(
                config(root),
                distant ? new DistantFileSystem() : FileSystem.getLocalFileSystem(),
                CLOCK,
                new StoreWriter(who));
    }

    private ModelStore distant() {
        return new ModelStore(config(root), new DistantFileSystem(), CLOCK, null);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString()).sorted().toList();
        }
    }

    /** The local file system, as if it were on other machines. */
    private static final class DistantFileSystem extends LocalFileSystem {
        @Override
        public boolean isDistributedFS() {
            return true;
        }
    }
}
