package io.freshet.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes what is temporary where {@code java.io.tmpdir} says now. Java's own methods keep to what it
 * said when the process began, before a command could name a directory that goes with it.
 */
public final class TemporaryFiles {

    private TemporaryFiles() {}

    /** A new directory. */
    public static Path directory(String prefix) throws IOException {
        return Files.createTempDirectory(parent(), prefix);
    }

    /** A new, empty file. */
    public static Path file(String prefix) throws IOException {
        return Files.createTempFile(parent(), prefix, null);
    }

    private static Path parent() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }
}
