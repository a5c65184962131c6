package io.freshet.model.tensorflow.bert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.config.EncoderConfig.EncoderPooling;
import io.freshet.model.tensorflow.bert.BertGraph.Pooling;
import io.freshet.model.tensorflow.bert.BertModel.BertRuntime;
import io.freshet.model.tensorflow.bert.BertSpec.BertConfig;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A directory with a model as Hugging Face lays it out:
 *
 * <table>
 * <caption>Files</caption>
 * <tr><td>{@code model.safetensors} or {@code model.onnx}</td><td>the weights; the former is read
 *   if there are both</td></tr>
 * <tr><td>{@code tokenizer.json}</td><td>a fast tokenizer</td></tr>
 * <tr><td>{@code config.json}</td><td>the number of attention heads, and what else it has must
 *   agree with the weights</td></tr>
 * <tr><td>{@code 1_Pooling/config.json}</td><td>how sentence-transformers pools; without it the
 *   mean, as there</td></tr>
 * </table>
 */
final class EncoderDirectory {

    private static final String SAFETENSORS = "model.safetensors";
    private static final String ONNX = "model.onnx";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String CONFIG = "config.json";
    private static final String POOLING = "1_Pooling/config.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    EncoderDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Reads the model.
     *
     * @param pooling how its vectors are pooled, or that the directory defines it
     * @throws IOException if a file is missing or can't be read
     * @throws IllegalArgumentException if the files don't make up a BERT encoder, with the reason
     */
    BertModel read(EncoderPooling pooling) throws IOException {
        BertWeights weights = weights();
        BertConfig config = new BertConfig(json(existing(CONFIG)));
        return new BertModel(
                BertSpec.of(weights, config),
                switch (pooling) {
                    case AUTO -> pooling();
                    case MEAN -> Pooling.MEAN;
                    case CLS -> Pooling.CLS;
                },
                weights,
                Files.readAllBytes(existing(TOKENIZER)));
    }

    /** SHA-256 over the names and contents of all files that are read, in hexadecimal digits. */
    String digest() throws IOException {
        MessageDigest digest = sha256();
        for (String name : new String[] {SAFETENSORS, ONNX, TOKENIZER, CONFIG, POOLING}) {
            Path file = directory.resolve(name);
            if (Files.isRegularFile(file)) {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update(mapped(file));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private BertWeights weights() throws IOException {
        Path safetensors = directory.resolve(SAFETENSORS);
        if (Files.isRegularFile(safetensors)) {
            return SafetensorsWeights.read(safetensors.toString(), mapped(safetensors));
        }
        Path onnx = directory.resolve(ONNX);
        if (Files.isRegularFile(onnx)) {
            try (InputStream stream = Files.newInputStream(onnx)) {
                return OnnxWeights.read(onnx.toString(), stream);
            }
        }
        throw new FileNotFoundException(
                "Found neither " + safetensors + " nor " + onnx + ", expected one of them");
    }

    private Pooling pooling() throws IOException {
        Path file = directory.resolve(POOLING);
        if (!Files.isRegularFile(file)) {
            return Pooling.MEAN;
        }
        JsonNode json = json(file);
        boolean mean = json.path("pooling_mode_mean_tokens").asBoolean();
        boolean cls = json.path("pooling_mode_cls_token").asBoolean();
        if (mean == cls) {
            throw new IllegalArgumentException(
                    ("%s: found %s, expected either pooling_mode_mean_tokens or"
                                    + " pooling_mode_cls_token; option encoder.pooling overrides"
                                    + " it")
                            .formatted(file, json));
        }
        return cls ? Pooling.CLS : Pooling.MEAN;
    }

    private Path existing(String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException("Found no " + file + ", which an encoder needs");
        }
        return file;
    }

    private static JsonNode json(Path file) throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " can't be read: " + e.getOriginalMessage(), e);
        }
    }

    private static ByteBuffer mapped(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new IOException(
                        "%s: found %s bytes, expected at most %s"
                                .formatted(file, channel.size(), Integer.MAX_VALUE));
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /**
     * Loads an encoder from a directory that is the same wherever it is loaded.
     *
     * @param maxTokens tokens of a text that are read, markers of start and end included
     * @param width width of the vectors
     * @param digest of the directory's files
     */
    record EncoderDirectoryRuntime(
            String directory, EncoderPooling pooling, int maxTokens, int width, String digest)
            implements BertRuntime {

        private static final int NAMED_DIGITS = 16;

        /**
         * Looks at the directory from here.
         *
         * @throws IOException if a file is missing or can't be read
         * @throws IllegalArgumentException if the files don't make up a BERT encoder
         */
        static EncoderDirectoryRuntime of(String directory, EncoderPooling pooling, int maxTokens)
                throws IOException {
            EncoderDirectory files = new EncoderDirectory(Path.of(directory));
            return new EncoderDirectoryRuntime(
                    directory,
                    pooling,
                    maxTokens,
                    files.read(pooling).spec().width(),
                    files.digest());
        }

        /** By content, not by place: the files may move. */
        @Override
        public String name() {
            return digest.substring(0, NAMED_DIGITS) + "/" + pooling + "/" + maxTokens;
        }

        /**
         * @throws IOException if a file is missing, can't be read, or is not what it was where the
         *     job was submitted
         */
        @Override
        public BertModel read() throws IOException {
            EncoderDirectory files = new EncoderDirectory(Path.of(directory));
            String found = files.digest();
            if (!found.equals(digest)) {
                throw new IOException(
                        ("The encoder in %s has SHA-256 %s, expected %s as where the job was"
                                        + " submitted: every task manager needs the same files"
                                        + " there")
                                .formatted(directory, found, digest));
            }
            return files.read(pooling);
        }
    }
}
