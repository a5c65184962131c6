package io.freshet.replay;

import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The vectors of all texts that a replay has encoded, in a temporary file: most texts of the job
 * were already in the history that the base model was made of.
 */
public final class TextVectors implements AutoCloseable {

    private final Path file;

    private TextVectors(Path file) {
        this.file = file;
    }

    /** Makes an empty file. */
    public static TextVectors create() throws IOException {
        return new TextVectors(Files.createTempFile("freshet-vectors", null));
    }

    /**
     * An encoder that reads from the file what one before it has encoded, and adds the rest when it
     * is closed. They must come one after another, and from the same weights.
     */
    public TextEncoderRuntime remembering(TextEncoderRuntime runtime) {
        return new Remembering(runtime, file.toString());
    }

    /** Deletes the file. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }

    private record Remembering(TextEncoderRuntime runtime, String file)
            implements TextEncoderRuntime {

        @Override
        public String name() {
            return runtime.name();
        }

        @Override
        public int width() {
            return runtime.width();
        }

        @Override
        public TextEncoder load() throws IOException {
            return new RememberingEncoder(runtime, Path.of(file));
        }
    }
}
