package io.freshet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where tests leave what they measured: {@code target/figures/<name>.md}. */
public final class Figures {

    private static final Path DIRECTORY = Path.of("target", "figures");

    private Figures() {}

    /** Leaves a text in Markdown, in place of what was measured before. */
    public static void leave(String name, String text) throws IOException {
        Files.createDirectories(DIRECTORY);
        Files.writeString(DIRECTORY.resolve(name + ".md"), text.strip() + System.lineSeparator());
    }
}
