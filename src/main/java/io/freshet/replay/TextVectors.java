package io.freshet.replay;

import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.runtime.TemporaryFiles;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of all texts that a command has encoded, in a temporary file: most texts of the job
 * were already in the history that the base model was made of.
 */
public final class TextVectors implements AutoCloseable {

    private final Path file;

    private TextVectors(Path file) {
        this.file = file;
    }

    /** Makes an empty file. */
    public static TextVectors create() throws IOException {
        return new TextVectors(TemporaryFiles.file("freshet-vectors"));
    }

    /**
     * An encoder that reads from the file what one before it has encoded, and adds the rest when it
     * is closed; of several at once, the last that is closed. All must be of the same weights.
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

    /**
     * Returns the vectors that a file has, and loads its encoder when the first other text comes.
     */
    static final class RememberingEncoder implements TextEncoder {

        private final TextEncoderRuntime runtime;
        private final Path file;
        private final Map<String, float[]> vectors;

        private @Nullable TextEncoder encoder;

        /**
         * @param file written by an earlier one, or empty
         */
        RememberingEncoder(TextEncoderRuntime runtime, Path file) throws IOException {
            this.runtime = runtime;
            this.file = file;
            vectors = read(file, runtime.width());
        }

        @Override
        public int width() {
            return runtime.width();
        }

        @Override
        public float[][] encode(List<String> texts) {
            List<String> others =
                    texts.stream().distinct().filter(text -> !vectors.containsKey(text)).toList();
            if (!others.isEmpty()) {
                float[][] encoded = loaded().encode(others);
                for (int i = 0; i < encoded.length; i++) {
                    vectors.put(others.get(i), encoded[i]);
                }
            }
            return texts.stream().map(vectors::get).toArray(float[][]::new);
        }

        private TextEncoder loaded() {
            if (encoder == null) {
                try {
                    encoder = runtime.load();
                } catch (IOException e) {
                    throw new UncheckedIOException("Can't load the encoder " + runtime.name(), e);
                }
            }
            return encoder;
        }

        @Override
        public void close() {
            if (encoder == null) {
                return;
            }
            encoder.close();
            try {
                write();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Map<String, float[]> read(Path file, int width) throws IOException {
            Map<String, float[]> vectors = new HashMap<>();
            ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
            while (in.hasRemaining()) {
                byte[] text = new byte[in.getInt()];
                in.get(text);
                float[] vector = new float[width];
                for (int i = 0; i < width; i++) {
                    vector[i] = in.getFloat();
                }
                vectors.put(new String(text, StandardCharsets.UTF_8), vector);
            }
            return vectors;
        }

        private void write() throws IOException {
            Path whole = TemporaryFiles.file("freshet-vectors");
            try (DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(whole)))) {
                for (Map.Entry<String, float[]> entry : vectors.entrySet()) {
                    byte[] text = entry.getKey().getBytes(StandardCharsets.UTF_8);
                    out.writeInt(text.length);
                    out.write(text);
                    for (float number : entry.getValue()) {
                        out.writeFloat(number);
                    }
                }
            }
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
