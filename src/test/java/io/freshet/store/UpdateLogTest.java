package io.freshet.store;

import static io.freshet.store.TestingUpdates.changes;
import static io.freshet.store.TestingUpdates.header;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.config.StoreConfig;
import io.freshet.event.ModelRevision;
import io.freshet.model.FloatTensor;
import io.freshet.model.WeightChanges;
import io.freshet.testing.FaultyFileSystem;
import io.freshet.testing.LogRecorder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateLogTest {

    private static final ModelRevision BASE = ModelRevision.ofVersion(3, "f3");
    private static final String HEX = "ab".repeat(32);

    @TempDir private Path root;
    private ModelStore store;
    private UpdateLog log;

    @BeforeEach
    void openLocal() throws IOException {
        open(root.toUri().toString());
    }

    @AfterEach
    void heal() {
        FaultyFileSystem.heal(root);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_update_reads_back_bit_for_bit(boolean distant) throws IOException {
        openDistant(distant);
        WeightChanges changes = changes(7, 3_000, 17);

        StoredUpdate written = log.append(header(BASE, 5, "key"), changes);

        assertEqual(log.read(written), changes);
        assertThat(log.chain(written.revision())).containsExactly(written);
        assertThat(log.of(3)).containsExactly(written);
        assertThat(log.find(BASE, 5, "key")).contains(written);
        assertThat(written.revision())
                .isEqualTo(new ModelRevision(3, "f3", 5, written.fingerprint()));
        assertThat(names(root)).containsExactly("updates");
        assertThat(names(root.resolve("updates")))
                .containsExactly("3-5-" + written.fingerprint() + ".safetensors");
        assertThat(store.updates()).isSameAs(log);
    }

    @Test
    void an_update_is_a_safetensors_file_named_by_its_checksum() throws Exception {
        WeightChanges changes = changes(7);
        StoredUpdate written = log.append(header(BASE, 5, "key"), changes);

        byte[] bytes = Files.readAllBytes(file(written));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        assertThat(written.fingerprint()).isEqualTo(HexFormat.of().formatHex(digest));
        Parsed parsed = Parsed.of(bytes);
        assertThat(parsed.tensors)
                .containsOnlyKeys(
                        "item_rows",
                        "described_rows",
                        "trained_rows",
                        "features",
                        "row/item/embedding",
                        "row/item/embedding/slot",
                        "dense/item/embedding",
                        "dense/step",
                        "dense/unused");
        assertThat(parsed.ints("item_rows")).containsExactly(1, 3);
        assertThat(parsed.ints("described_rows")).containsExactly(1, 2, 3);
        assertThat(parsed.ints("trained_rows")).containsExactly(1, 2, 3);
        assertThat(parsed.floats("features", "[3,4]")).isEqualTo(changes.features().values());
        assertThat(parsed.floats("row/item/embedding", "[3,2]"))
                .isEqualTo(requireNonNull(changes.rowTensors().get("item/embedding")).values());
        assertThat(parsed.floats("dense/step", "[]")).containsExactly(7);
        assertThat(parsed.floats("dense/unused", "[0,7]")).isEmpty();
    }

    @Test
    void metadata_are_texts_of_json() throws Exception {
        StoredUpdate written = log.append(header(BASE.after(4, HEX), 5, "the key"), changes(7));

        assertThat(Parsed.of(Files.readAllBytes(file(written))).metadata)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("format", "1"),
                                Map.entry(
                                        "parent",
                                        "{\"version\":3,\"fingerprint\":\"f3\",\"update\":4,"
                                                + "\"update_fingerprint\":\""
                                                + HEX
                                                + "\"}"),
                                Map.entry("update", "5"),
                                Map.entry("key", "\"the key\""),
                                Map.entry("window_start", "10"),
                                Map.entry("window_end", "20"),
                                Map.entry(
                                        "offsets",
                                        "[{\"partition\":1,\"first\":5,\"last\":9,\"count\":5},"
                                                + "{\"partition\":2,\"first\":7,\"last\":7,\"count\":1}]"),
                                Map.entry("metrics", "{\"gain\":\"NaN\",\"loss\":0.1}"),
                                Map.entry(
                                        "last_used",
                                        "{\"apple\":1234567890123,"
                                                + "\"listed \\\"one\\\"\":9223372036854775807}"),
                                Map.entry("rows", "4"),
                                Map.entry("item_ids", "[\"äpple \\\"1\\\"\\n\",\"\"]")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_equal_update_is_one_file_and_stays_as_it_is(boolean distant) throws IOException {
        openDistant(distant);
        StoredUpdate first = log.append(header(BASE, 5, "key"), changes(7));
        Object inode = inode(first);

        assertThat(log.append(header(BASE, 5, "key"), changes(7))).isEqualTo(first);
        assertThat(inode(first)).isEqualTo(inode);
        assertThat(log.append(header(BASE, 5, "key"), changes(8))).isNotEqualTo(first);
        assertThat(log.of(3)).hasSize(2);
        assertThat(names(root)).containsExactly("updates");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_damaged_file_is_not_found_and_replaced_by_the_same_work(boolean distant)
            throws IOException {
        openDistant(distant);
        StoredUpdate first = log.append(header(BASE, 5, "key"), changes(7));
        flip(file(first), Files.size(file(first)) - 1);

        try (LogRecorder recorder = LogRecorder.open()) {
            assertThat(log.find(BASE, 5, "key")).isEmpty();
            assertThat(recorder.lines())
                    .singleElement()
                    .asString()
                    .contains("Update 5 is not usable", "is damaged: found SHA-256");
        }
        log.append(header(BASE, 5, "key"), changes(7));
        assertThat(log.find(BASE, 5, "key")).contains(first);
        assertEqual(log.read(first), changes(7));
    }

    @Test
    void earlier_work_is_found_by_parent_number_and_key() throws IOException {
        ModelRevision parent = BASE.after(4, HEX);
        StoredUpdate written = log.append(header(parent, 5, "key"), changes(7));
        log.append(header(parent, 5, "another"), changes(7));
        log.append(header(parent, 55, "key"), changes(7));

        assertThat(log.find(parent, 5, "key")).contains(written);
        assertThat(log.find(new ModelRevision(3, null, 4, HEX), 5, "key")).contains(written);
        assertThat(log.find(new ModelRevision(3, "other", 4, HEX), 5, "key")).isEmpty();
        assertThat(log.find(new ModelRevision(4, "f3", 4, HEX), 5, "key")).isEmpty();
        assertThat(log.find(BASE.after(3, HEX), 5, "key")).isEmpty();
        assertThat(log.find(BASE.after(4, HEX.replace('a', 'c')), 5, "key")).isEmpty();
        assertThat(log.find(BASE, 5, "key")).isEmpty();
        assertThat(log.find(parent, 6, "key")).isEmpty();
        assertThat(log.find(parent, 5, "none")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_chain_leads_from_the_version_to_the_revision(boolean distant) throws IOException {
        openDistant(distant);
        StoredUpdate first = log.append(header(BASE, 2, "a"), changes(1));
        StoredUpdate second = log.append(header(first.revision(), 10, "b"), changes(2));
        log.append(header(first.revision(), 10, "refused"), changes(3));
        StoredUpdate third =
                log.append(
                        header(
                                new ModelRevision(3, null, 10, second.fingerprint()),
                                9, // after a rollback from another timeline
                                "c"),
                        changes(4));

        assertThat(log.chain(third.revision())).containsExactly(first, second, third);
        assertThat(log.chain(new ModelRevision(3, "f3", 9, third.fingerprint()))).hasSize(3);
        assertThat(log.chain(first.revision())).containsExactly(first);
        assertThat(log.chain(BASE)).isEmpty();
        assertThatThrownBy(() -> log.chain(new ModelRevision(3, "f4", 9, third.fingerprint())))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the fingerprint f3, expected f4")
                .hasMessageContaining("is store.path right");

        Files.delete(file(second));
        assertThatThrownBy(() -> log.chain(third.revision()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("No update 3-10-" + second.fingerprint())
                .hasMessageContaining("3-2-" + first.fingerprint())
                .hasMessageContaining("put the file back");
        assertThatThrownBy(() -> log.read(second))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("No update");
    }

    @Test
    void a_file_under_the_name_of_another_update_is_refused() throws IOException {
        StoredUpdate written = log.append(header(BASE, 2, "a"), changes(1));
        Path updates = root.resolve("updates");
        Files.copy(file(written), updates.resolve("4-2-" + HEX + ".safetensors"));
        Files.copy(file(written), updates.resolve("3-7-" + HEX + ".safetensors"));

        for (ModelRevision wrong :
                List.of(new ModelRevision(4, null, 2, HEX), new ModelRevision(3, null, 7, HEX))) {
            assertThatThrownBy(() -> log.chain(wrong))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is update 2 of version 3, expected what its name says");
        }
        assertThat(log.of(3)).containsExactly(written);
        assertThat(log.of(4)).isEmpty();
    }

    @Test
    void a_circle_of_updates_is_refused() throws IOException {
        String other = HEX.replace('a', 'c');
        StoredUpdate one = log.append(header(BASE.after(8, other), 7, "a"), changes(1));
        StoredUpdate two = log.append(header(BASE.after(7, HEX), 8, "b"), changes(1));
        Files.move(file(one), root.resolve("updates/3-7-" + HEX + ".safetensors"));
        Files.move(file(two), root.resolve("updates/3-8-" + other + ".safetensors"));

        assertThatThrownBy(() -> log.chain(BASE.after(7, HEX)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has a circle in its updates, or more than 100000");
    }

    @Test
    void a_fingerprint_leads_nowhere_but_to_an_update() throws IOException {
        log.append(header(BASE, 2, "a"), changes(1));
        Files.writeString(root.resolve("secret.safetensors"), "secret");

        for (String fingerprint : List.of("", "/../../secret", HEX.toUpperCase(), HEX + "0")) {
            assertThatThrownBy(() -> log.chain(BASE.after(2, fingerprint)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("No update 3-2-");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void every_damaged_byte_and_every_cut_is_refused(boolean distant) throws IOException {
        openDistant(distant);
        StoredUpdate written = log.append(header(BASE, 5, "key"), changes(7));
        byte[] whole = Files.readAllBytes(file(written));

        for (int at = 0; at < whole.length; at += at < 300 ? 1 : 37) {
            flip(file(written), at);
            assertRefused(written);
            Files.write(file(written), Arrays.copyOf(whole, at));
            assertRefused(written);
            Files.write(file(written), whole);
        }
        Files.write(file(written), Arrays.copyOf(whole, whole.length + 1));
        assertRefused(written);
        assertThatThrownBy(() -> log.chain(written.revision()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(
                        "has %d bytes, expected %d".formatted(whole.length + 1, whole.length));
        Files.write(file(written), whole);
        assertEqual(log.read(written), changes(7));
    }

    @Test
    void a_file_beyond_any_size_is_refused_before_it_is_read() throws IOException {
        StoredUpdate written = log.append(header(BASE, 5, "key"), changes(7));
        try (RandomAccessFile file = new RandomAccessFile(file(written).toFile(), "rw")) {
            file.setLength((64L << 30) + 1);
        }

        assertRefused(written);
        assertThat(log.of(3)).isEmpty();
    }

    @Test
    void what_is_foreign_or_damaged_is_left_out_of_a_versions_updates() throws IOException {
        StoredUpdate tenth = log.append(header(BASE, 10, "a"), changes(1));
        StoredUpdate second = log.append(header(BASE, 2, "a"), changes(1));
        log.append(header(ModelRevision.ofVersion(33, "f"), 2, "a"), changes(1));
        Path updates = root.resolve("updates");
        Files.writeString(updates.resolve("3-4-" + HEX + ".safetensors"), "not safetensors");
        Files.createDirectory(updates.resolve("3-5-" + HEX + ".safetensors"));
        Files.writeString(updates.resolve("3-notes.txt"), "of whom");
        byte[] foreign = "{\"__metadata__\":{\"format\":\"pt\"}}".getBytes(StandardCharsets.UTF_8);
        Files.write(updates.resolve("3-6-" + HEX + ".safetensors"), file(foreign));

        try (LogRecorder recorder = LogRecorder.open()) {
            assertThat(log.of(3)).containsExactly(second, tenth);
            assertThat(recorder.lines())
                    .hasSize(3)
                    .allMatch(line -> line.contains("is passed over"))
                    .anyMatch(line -> line.contains("is a directory, expected a file"));
            assertThat(log.find(BASE, 5, "a")).isEmpty();
        }
        store.retain(3, 3, Set.of());
        assertThat(updates.resolve("3-notes.txt")).exists();
    }

    @Test
    void a_format_of_a_later_release_is_refused() throws IOException {
        StoredUpdate written = log.append(header(BASE, 5, "key"), changes(7));
        String latin = Files.readString(file(written), StandardCharsets.ISO_8859_1);
        assertThat(latin).contains("\"format\":\"1\"");
        Files.writeString(
                file(written),
                latin.replace("\"format\":\"1\"", "\"format\":\"2\""),
                StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> log.chain(written.revision()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is of format 2, expected at most 1");
    }

    @Test
    void changes_that_do_not_fit_together_are_not_written() throws IOException {
        WeightChanges good = changes(7);
        FloatTensor narrow = new FloatTensor(new long[] {3, 4}, new float[11]);
        FloatTensor few = new FloatTensor(new long[] {2, 1}, new float[2]);
        String[] ids = good.itemIds();
        for (WeightChanges wrong :
                List.of(
                        with(good, new String[] {"a"}, good.features(), good.rowTensors()),
                        with(good, ids, narrow, good.rowTensors()),
                        with(good, ids, few, good.rowTensors()),
                        with(good, ids, good.features(), new TreeMap<>(Map.of("v", few))))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> log.append(header(BASE, 5, "key"), wrong))
                    .withMessageContaining("expected");
        }
        assertThat(names(root)).isEmpty();
    }

    @Test
    void a_full_disk_leaves_nothing_and_the_next_attempt_writes_it() throws IOException {
        openDistant(true);
        FaultyFileSystem.fill(root);
        assertThatThrownBy(() -> log.append(header(BASE, 5, "key"), changes(7)))
                .hasMessageContaining("No space left");
        assertThat(names(root.resolve("updates"))).isEmpty();

        FaultyFileSystem.heal(root);
        StoredUpdate written = log.append(header(BASE, 5, "key"), changes(7));
        assertEqual(log.read(written), changes(7));
    }

    static Stream<Set<FaultyFileSystem.Call>> faults() {
        return Stream.of(
                EnumSet.of(FaultyFileSystem.Call.LOOK),
                EnumSet.of(FaultyFileSystem.Call.WRITE),
                EnumSet.of(FaultyFileSystem.Call.WRITE, FaultyFileSystem.Call.DELETE));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void an_update_that_can_not_be_written_is_not_seen_and_the_next_attempt_writes_it(
            Set<FaultyFileSystem.Call> faults) throws IOException {
        openDistant(true);
        FaultyFileSystem.fail(root, faults);
        assertThatThrownBy(() -> log.append(header(BASE, 5, "key"), changes(7)))
                .isInstanceOf(IOException.class);

        FaultyFileSystem.heal(root);
        assertThat(log.of(3)).isEmpty();
        StoredUpdate written = log.append(header(BASE, 5, "key"), changes(7));
        assertEqual(log.read(written), changes(7));
        assertThat(names(root)).containsExactly("updates");
    }

    @Test
    void a_store_that_can_not_be_read_is_no_damage() throws IOException {
        openDistant(true);
        StoredUpdate written = log.append(header(BASE, 5, "key"), changes(7));
        FaultyFileSystem.cutOff(root);

        for (ThrowingCallable use :
                List.<ThrowingCallable>of(
                        () -> log.find(BASE, 5, "key"),
                        () -> log.chain(written.revision()),
                        () -> log.read(written),
                        () -> log.of(3))) {
            assertThatThrownBy(use)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(StoreException.class);
        }
    }

    @Test
    void what_a_crashed_writer_left_is_cleaned() throws IOException {
        Files.writeString(root.resolve(".writing-3-5-abc"), "half");

        store.clean();

        assertThat(names(root)).isEmpty();
    }

    @Test
    void a_writer_that_was_replaced_appends_and_deletes_nothing() throws IOException {
        StoreConfig config = new StoreConfig(root.toUri().toString(), 1, 0);
        ModelStore first = new ModelStore(config, new StoreWriter("job a"));
        StoredUpdate written = first.updates().append(header(BASE, 5, "key"), changes(7));
        new ModelStore(config, new StoreWriter("job b")).clean();

        for (ThrowingCallable use :
                List.<ThrowingCallable>of(
                        () -> first.updates().append(header(BASE, 6, "key"), changes(7)),
                        () -> first.retain(9, 9, Set.of()))) {
            assertThatThrownBy(use).isInstanceOf(IllegalStateException.class);
        }
        assertThat(first.updates().of(3)).containsExactly(written);
        assertThat(names(root)).containsExactly("updates", "writer");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void updates_go_with_their_version(boolean distant) throws IOException {
        openDistant(distant);
        for (long version = 1; version <= 6; version++) {
            write(version);
            log.append(header(ModelRevision.ofVersion(version, "f"), 9, "key"), changes(1));
        }
        store.keep(2, "savepoint-1-of-job-ab");

        assertThat(store.retain(6, 5, Set.of(3L))).containsExactly(1L, 4L);
        assertThat(updated()).containsExactly(2L, 3L, 5L, 6L);
        store.delete(6);
        assertThat(updated()).containsExactly(2L, 3L, 5L);
    }

    @Test
    void updates_without_their_version_go_when_no_checkpoint_may_need_them() throws IOException {
        for (long version : new long[] {0, 2, 3, 4, 7}) {
            log.append(header(ModelRevision.ofVersion(version, "f"), 9, "key"), changes(1));
        }
        write(5);
        Files.createDirectory(root.resolve("2"));

        store.retain(5, 0, Set.of());
        assertThat(updated()).containsExactly(0L, 2L, 3L, 4L, 7L);
        store.keep(0, "savepoint-1-of-job-ab");
        store.retain(5, 4, Set.of());
        assertThat(updated()).containsExactly(0L, 2L, 4L, 7L);
        store.release("savepoint-1-of-job-ab");
        store.retain(5, 5, Set.of(4L));
        assertThat(updated()).containsExactly(2L, 4L, 7L);
    }

    private void open(String path) throws IOException {
        store = new ModelStore(new StoreConfig(path, 1, 0));
        log = store.updates();
    }

    private void openDistant(boolean distant) throws IOException {
        if (distant) {
            open(FaultyFileSystem.uri(root));
        }
    }

    private void write(long version) throws IOException {
        store.write(
                Manifest.draft(
                        version,
                        ModelRevision.NONE,
                        new Manifest.Window(0, 0, 0, 0),
                        new Manifest.Training(List.of(), List.of(), Map.of(), Map.of()),
                        new Manifest.Work("key", "", "", "")),
                new String[] {""},
                target -> Files.writeString(target.resolve("saved_model.pb"), "graph"));
    }

    /** Versions that have updates. */
    private List<Long> updated() throws IOException {
        List<Long> updated = new ArrayList<>();
        for (long version = 0; version < 10; version++) {
            if (!log.of(version).isEmpty()) {
                updated.add(version);
            }
        }
        return updated;
    }

    private Path file(StoredUpdate update) {
        return root.resolve("updates").resolve(update.path().getName());
    }

    private Object inode(StoredUpdate update) throws IOException {
        return Files.readAttributes(file(update), BasicFileAttributes.class).fileKey();
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(at);
            int found = access.read();
            access.seek(at);
            access.write(found ^ 1);
        }
    }

    private static byte[] file(byte[] header) {
        return ByteBuffer.allocate(8 + header.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private void assertRefused(StoredUpdate update) {
        assertThatThrownBy(() -> log.read(update))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(update.path().toString());
    }

    private static WeightChanges with(
            WeightChanges changes,
            String[] itemIds,
            FloatTensor features,
            SortedMap<String, FloatTensor> rowTensors) {
        return new WeightChanges(
                changes.rows(),
                changes.renamedRows(),
                itemIds,
                changes.describedRows(),
                features,
                changes.trainedRows(),
                rowTensors,
                changes.denseTensors());
    }

    private static void assertEqual(WeightChanges found, WeightChanges expected) {
        assertThat(found.rows()).isEqualTo(expected.rows());
        assertThat(found.renamedRows()).isEqualTo(expected.renamedRows());
        assertThat(found.itemIds()).isEqualTo(expected.itemIds());
        assertThat(found.describedRows()).isEqualTo(expected.describedRows());
        assertThat(found.trainedRows()).isEqualTo(expected.trainedRows());
        assertThat(bits(found.features())).isEqualTo(bits(expected.features()));
        assertThat(found.rowTensors()).containsOnlyKeys(expected.rowTensors().keySet());
        found.rowTensors()
                .forEach(
                        (name, tensor) ->
                                assertThat(bits(tensor))
                                        .isEqualTo(
                                                bits(
                                                        requireNonNull(
                                                                expected.rowTensors().get(name)))));
        assertThat(found.denseTensors()).containsOnlyKeys(expected.denseTensors().keySet());
        found.denseTensors()
                .forEach(
                        (name, tensor) ->
                                assertThat(bits(tensor))
                                        .isEqualTo(
                                                bits(
                                                        requireNonNull(
                                                                expected.denseTensors()
                                                                        .get(name)))));
    }

    /** The shape and the bits of the numbers. */
    private static String bits(FloatTensor tensor) {
        StringBuilder bits = new StringBuilder(Arrays.toString(tensor.shape()));
        for (float value : tensor.values()) {
            bits.append(' ').append(Float.floatToRawIntBits(value));
        }
        return bits.toString();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString()).sorted().toList();
        }
    }

    /** A file as the safetensors format's own description has it, read by nothing of Freshet's. */
    private static final class Parsed {

        private final Map<String, String> metadata = new TreeMap<>();
        private final Map<String, JsonNode> tensors = new TreeMap<>();
        private ByteBuffer data = ByteBuffer.allocate(0);

        static Parsed of(byte[] bytes) throws IOException {
            Parsed parsed = new Parsed();
            ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int length = Math.toIntExact(file.getLong());
            assertThat((8 + length) % 8).isZero();
            String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
            assertThat(header).startsWith("{");
            int end = 0;
            for (Map.Entry<String, JsonNode> entry :
                    new ObjectMapper().readTree(header).properties()) {
                if (entry.getKey().equals("__metadata__")) {
                    for (Map.Entry<String, JsonNode> text : entry.getValue().properties()) {
                        assertThat(text.getValue().isTextual()).isTrue();
                        parsed.metadata.put(text.getKey(), text.getValue().textValue());
                    }
                } else {
                    JsonNode offsets = entry.getValue().get("data_offsets");
                    assertThat(offsets.get(0).intValue()).isEqualTo(end);
                    end = offsets.get(1).intValue();
                    parsed.tensors.put(entry.getKey(), entry.getValue());
                }
            }
            parsed.data = file.slice(8 + length, bytes.length - 8 - length);
            assertThat(parsed.data.capacity()).isEqualTo(end);
            return parsed;
        }

        int[] ints(String name) {
            ByteBuffer found = slice(name, "I32");
            int[] values = new int[found.remaining() / 4];
            found.asIntBuffer().get(values);
            assertThat(requireNonNull(tensors.get(name)).get("shape").toString())
                    .isEqualTo("[" + values.length + "]");
            return values;
        }

        float[] floats(String name, String shape) {
            ByteBuffer found = slice(name, "F32");
            float[] values = new float[found.remaining() / 4];
            found.asFloatBuffer().get(values);
            assertThat(requireNonNull(tensors.get(name)).get("shape").toString()).isEqualTo(shape);
            return values;
        }

        private ByteBuffer slice(String name, String type) {
            JsonNode tensor = requireNonNull(tensors.get(name));
            assertThat(tensor.get("dtype").textValue()).isEqualTo(type);
            int from = tensor.get("data_offsets").get(0).intValue();
            int to = tensor.get("data_offsets").get(1).intValue();
            return data.slice(from, to - from).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
