package io.freshet.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.StoreConfig;
import io.freshet.event.ModelRevision;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that others may write to: nothing leads out of it, nothing is read without end. */
class StoreBoundsTest {

    @TempDir private Path directory;
    private Path root;
    private Path outside;
    private ModelStore store;

    @BeforeEach
    void openStore() throws IOException {
        root = Files.createDirectory(directory.resolve("models"));
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "precious");
        store = new ModelStore(new StoreConfig(root.toUri().toString(), 1, 0));
    }

    @Test
    void a_version_that_is_a_link_out_of_the_store_is_refused() throws IOException {
        write(1);
        Path elsewhere = outside.resolve("1");
        Files.move(root.resolve("1"), elsewhere);
        Files.createSymbolicLink(root.resolve("1"), elsewhere);

        assertThatThrownBy(() -> store.localCopy(1, null))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is a link out of the store, to " + elsewhere.toRealPath());
    }

    @Test
    void a_file_that_is_a_link_out_of_the_store_is_refused() throws IOException {
        write(1);
        Path model = root.resolve("1/saved_model.pb");
        Path elsewhere = outside.resolve("saved_model.pb");
        Files.move(model, elsewhere);
        Files.createSymbolicLink(model, elsewhere);

        assertThatThrownBy(() -> store.verify(1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("saved_model.pb is a link out of the store");
    }

    @Test
    void a_store_may_itself_be_reached_by_a_link() throws IOException {
        write(1);
        Path link = Files.createSymbolicLink(directory.resolve("link"), root);
        ModelStore linked = new ModelStore(new StoreConfig(link.toUri().toString(), 1, 0));

        assertThat(linked.verify(1).version()).isEqualTo(1);
    }

    @Test
    void what_is_deleted_never_takes_along_what_links_lead_to() throws IOException {
        write(1);
        write(2);
        Files.createSymbolicLink(root.resolve("1/assets"), outside);
        Files.createDirectory(root.resolve(".writing-3-crashed"));
        Files.createSymbolicLink(root.resolve(".writing-3-crashed/assets"), outside);
        Files.createSymbolicLink(root.resolve(".deleting-4-crashed"), outside);

        assertThat(store.retain(2, 2, Set.of())).containsExactly(1L);
        store.clean();

        assertThat(outside.resolve("precious")).hasContent("precious");
        assertThat(root).isDirectoryNotContaining(path -> !path.endsWith("2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../precious",
                "/etc/passwd",
                "a/../../precious",
                "./saved_model.pb",
                "a//b",
                "a/",
                "..",
                "file:/etc/passwd",
                "s3://bucket/key",
                "C:\\\\windows",
                "a\\u0000b",
                ""
            })
    void a_manifest_names_nothing_but_plain_files_below_it(String path) throws IOException {
        write(1);
        rewriteManifest("\"saved_model.pb\"", "\"" + path + "\"");

        assertThatThrownBy(() -> store.verify(1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("lists a file outside of it");
    }

    @Test
    void a_manifest_beyond_any_size_is_refused_before_it_is_parsed() throws IOException {
        write(1);
        try (RandomAccessFile manifest =
                new RandomAccessFile(root.resolve("1/manifest.json").toFile(), "rw")) {
            manifest.setLength(3L << 30);
        }

        assertThatThrownBy(() -> store.manifest(1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("larger than a manifest may be, 16777216 bytes");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, (64L << 30) + 1})
    void a_version_beyond_any_size_is_refused_before_it_is_read(long size) throws IOException {
        write(1);
        rewriteManifest("\"size\" : 5,", "\"size\" : " + size + ",");

        assertThatThrownBy(() -> store.manifest(1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("saved_model.pb with " + size + " bytes, expected at most");
    }

    @Test
    void a_file_that_grew_is_refused_before_it_is_read() throws IOException {
        write(1);
        try (RandomAccessFile model =
                new RandomAccessFile(root.resolve("1/saved_model.pb").toFile(), "rw")) {
            model.setLength(1L << 40);
        }

        assertThatThrownBy(() -> store.verify(1))
                .hasMessageContaining("damaged: found 1099511627776 bytes, expected 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kept", "unannounced"})
    void marks_are_neither_made_nor_deleted_through_a_linked_directory(String marks)
            throws IOException {
        Files.createSymbolicLink(root.resolve(marks), outside);
        Files.writeString(outside.resolve("1-precious"), "precious");

        List<ThrowingCallable> uses =
                marks.equals("kept")
                        ? List.of(
                                () -> store.keep(1, "precious"),
                                () -> store.release("precious"),
                                () -> store.unannounced())
                        : List.of(
                                () -> store.unannounced(1),
                                () -> store.announced(1),
                                () -> store.unannounced());
        for (ThrowingCallable use : uses) {
            assertThatThrownBy(use)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(marks + " is a link, expected a directory");
        }
        assertThat(outside.resolve("1-precious")).hasContent("precious");
        assertThat(outside.resolve("1-written")).doesNotExist();
    }

    @Test
    void updates_are_neither_written_read_nor_deleted_through_links() throws IOException {
        UpdateHeader header =
                new UpdateHeader(ModelRevision.NONE, 1, "key", 0, 1, List.of(), Map.of(), Map.of());
        StoredUpdate written = store.updates().append(header, TestingUpdates.changes(3));
        Path updates = root.resolve("updates");
        Path name = Path.of(written.path().getName());
        Files.move(updates.resolve(name), outside.resolve(name));
        Files.createSymbolicLink(updates.resolve(name), outside.resolve(name));
        assertThatThrownBy(() -> store.updates().read(written))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is a link out of the store, to " + outside.toRealPath());
        assertThatThrownBy(() -> store.updates().chain(written.revision()))
                .isInstanceOf(StoreException.class);

        Files.delete(updates.resolve(name));
        Files.delete(updates);
        Files.createSymbolicLink(updates, outside);
        for (ThrowingCallable use :
                List.<ThrowingCallable>of(
                        () -> store.updates().read(written),
                        () -> store.updates().of(0),
                        () -> store.updates().append(header, TestingUpdates.changes(4)),
                        () -> store.retain(2, 2, Set.of()))) {
            assertThatThrownBy(use)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("updates is a link, expected a directory of the store");
        }
        assertThat(outside).isDirectoryContaining(path -> path.endsWith(name));
        assertThat(outside)
                .isDirectoryNotContaining(
                        path -> !path.endsWith(name) && !path.endsWith("precious"));
    }

    @Test
    void a_mark_is_not_written_through_a_link_of_its_name() throws IOException {
        Path precious = outside.resolve("precious");
        Files.createDirectory(root.resolve("unannounced"));
        Files.createSymbolicLink(root.resolve("unannounced/7-written"), precious);
        Files.createDirectory(root.resolve("kept"));
        Files.createSymbolicLink(root.resolve("kept/7-savepoint-1"), precious);

        store.unannounced(7);
        store.keep(7, "savepoint-1");

        assertThat(precious).hasContent("precious");
        store.announced(7);
        assertThat(root.resolve("unannounced")).isEmptyDirectory();
        assertThat(precious).hasContent("precious");
    }

    @Test
    void a_writer_names_itself_in_the_place_of_a_link_and_reads_none() throws IOException {
        Path precious = outside.resolve("precious");
        Files.createSymbolicLink(root.resolve("writer"), precious);
        ModelStore written =
                new ModelStore(
                        new StoreConfig(root.toUri().toString(), 1, 0), new StoreWriter("job a"));
        written.clean();
        assertThat(precious).hasContent("precious");
        assertThat(root.resolve("writer")).isRegularFile().content().startsWith("job a, ");

        Files.delete(root.resolve("writer"));
        Files.createSymbolicLink(root.resolve("writer"), precious);
        assertThatThrownBy(written::clean)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("writer is a link out of the store");
    }

    @Test
    void a_version_of_which_a_directory_is_a_link_is_refused_and_never_walked() throws IOException {
        write(1);
        Files.createSymbolicLink(root.resolve("1/circle"), root.resolve("1"));

        assertThatThrownBy(() -> store.verify(1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("1/circle is a link to a directory, expected the directory");
    }

    @Test
    void a_version_with_more_files_than_any_manifest_may_list_is_refused() throws IOException {
        write(1);
        Path many = Files.createDirectory(root.resolve("1/many"));
        for (int i = 0; i < 10_000; i++) {
            Files.createFile(many.resolve("file-" + i));
        }

        assertThatThrownBy(() -> store.verify(1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has more than 10000 files");
    }

    private void rewriteManifest(String found, String other) throws IOException {
        Path manifest = root.resolve("1/manifest.json");
        String json = Files.readString(manifest);
        assertThat(json).contains(found);
        Files.writeString(manifest, json.replace(found, other));
    }

    private void write(long version) throws IOException {
        Manifest draft =
                Manifest.draft(
                        version,
                        ModelRevision.NONE,
                        new Manifest.Window(0, 0, 0, 0),
                        new Manifest.Training(List.of(), List.of(), Map.of(), Map.of()),
                        new Manifest.Work("key", "", "", ""));
        store.write(
                draft,
                new String[] {"", "apple"},
                target -> Files.writeString(target.resolve("saved_model.pb"), "graph"));
    }
}
