package io.freshet.model.tensorflow.bert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.config.EncoderConfig.EncoderPooling;
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
 * <tr><td>{@code config.json}</td><td>the number of attention heads, and what it says besides must
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
     * @param pooling how its vectors are pooled, or that the directory says so
     * @throws IOException if a file is missing or can't be read
     * @throws IllegalArgumentException if the files don't make up a BERT encoder; says why
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
                    file
                            + ": found "
                            + json
                            + ", expected either pooling_mode_mean_tokens or"
                            + " pooling_mode_cls_token; option encoder.pooling overrides it");
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
                        file
                                + ": found "
                                + channel.size()
                                + " bytes, expected at most "
                                + Integer.MAX_VALUE);
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
}
