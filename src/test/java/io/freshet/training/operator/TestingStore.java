package io.freshet.training.operator;

import io.freshet.config.StoreConfig;
import io.freshet.model.TestingModel;
import io.freshet.model.TestingModelRuntime;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What fine-tuners under test have written to a directory. */
final class TestingStore {

    private final Path root;

    TestingStore(Path root) {
        this.root = root;
    }

    /** A version's model. */
    TestingModel model(long version) throws IOException {
        return (TestingModel) new TestingModelRuntime().load(root.resolve(Long.toString(version)));
    }

    /** A version's manifest, after all its files were verified. */
    Manifest manifest(long version) throws IOException {
        try (ModelStore store = open()) {
            return store.verify(version);
        }
    }

    /** Numbers of the versions, ascending. */
    List<Long> versions() throws IOException {
        try (ModelStore store = open()) {
            return store.versions();
        }
    }

    /** All weights of a version. */
    String weights(long version) throws IOException {
        Path directory = root.resolve(Long.toString(version));
        return Files.readString(directory.resolve("vocabulary.txt"))
                + Files.readString(directory.resolve("variables/counts"))
                + Files.readString(directory.resolve("variables/features"));
    }

    /** Files of updates, by name. */
    List<Path> updates() throws IOException {
        Path directory = root.resolve("updates");
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /** What updates are of, by name: "1-2" for the update by window 2 of version 1. */
    List<String> updateNames() throws IOException {
        return updates().stream()
                .map(file -> file.getFileName().toString().replaceFirst("-[0-9a-f]{64}.*", ""))
                .toList();
    }

    /** Overwrites some weights of a version; returns what was there. */
    String damage(long version) throws IOException {
        Path counts = root.resolve(version + "/variables/counts");
        String written = Files.readString(counts);
        Files.writeString(counts, "a b 17");
        return written;
    }

    private ModelStore open() throws IOException {
        return new ModelStore(new StoreConfig(root.toUri().toString(), 2, 0));
    }
}
