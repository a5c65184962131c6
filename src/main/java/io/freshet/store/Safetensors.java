package io.freshet.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The header of a safetensors file, and its numbers. The file is eight bytes with the length of the
 * header, the header in JSON, padded with spaces such that the data begins at a multiple of eight
 * bytes, and the data of the tensors one after the other, row-major; all in little-endian order.
 * Numbers pass through one buffer of 64 KiB.
 */
final class Safetensors {

    /** Longest header: 64 MiB. */
    static final int MAX_HEADER_BYTES = 64 << 20;

    /** Largest file: 64 GiB. */
    static final long MAX_FILE_BYTES = 64L << 30;

    static final String REMEDY =
            "; put the file back as it was written, or go on from another version";

    private static final String METADATA = "__metadata__";
    private static final String SHAPE = "shape";
    private static final String OFFSETS = "data_offsets";
    private static final int BUFFER_BYTES = 1 << 16;

    /** Most numbers of a tensor: those of the longest array. */
    private static final int MAX_COUNT = Integer.MAX_VALUE - 8;

    private static final ObjectMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(MAX_HEADER_BYTES)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /** Types of numbers, four bytes each. */
    enum Type {
        I32,
        F32
    }

    /**
     * @param shape dimensions, none for a scalar
     * @param count the product of the dimensions
     */
    record Tensor(Type type, long[] shape, int count) {}

    private final Map<String, String> metadata;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final ObjectNode entries = JSON.createObjectNode();
    private long dataBytes;

    Safetensors(Map<String, String> metadata) {
        this.metadata = metadata;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** Tensors by name, in the order of their data. */
    Map<String, Tensor> tensors() {
        return tensors;
    }

    /**
     * Adds a tensor behind the others.
     *
     * @throws ArithmeticException if it has more numbers than an array may have
     */
    void add(String name, Type type, long... shape) {
        long count = 1;
        for (long length : shape) {
            count = Math.multiplyExact(count, length);
        }
        if (count < 0 || count > MAX_COUNT) {
            throw new ArithmeticException("%d numbers, at most %d".formatted(count, MAX_COUNT));
        }
        ObjectNode entry = entries.putObject(name).put("dtype", type.name());
        ArrayNode lengths = entry.putArray(SHAPE);
        Arrays.stream(shape).forEach(lengths::add);
        long end = Math.addExact(dataBytes, count * Float.BYTES);
        entry.putArray(OFFSETS).add(dataBytes).add(end);
        dataBytes = end;
        tensors.put(name, new Tensor(type, shape, (int) count));
    }

    /**
     * Writes the header; the data of all tensors must follow.
     *
     * @throws StoreException if header or file are larger than they may be
     */
    void writeTo(OutputStream out) throws IOException {
        ObjectNode all = JSON.createObjectNode();
        metadata.forEach(all.putObject(METADATA)::put);
        byte[] text = JSON.writeValueAsBytes(all.setAll(entries));
        int length = (text.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        if (length > MAX_HEADER_BYTES || dataBytes > MAX_FILE_BYTES - length - Long.BYTES) {
            throw new StoreException(
                    "Found an update with a header of %d bytes and %d bytes of weights, expected at most %d and %d; train smaller windows"
                            .formatted(length, dataBytes, MAX_HEADER_BYTES, MAX_FILE_BYTES));
        }
        byte[] padded = Arrays.copyOf(text, length);
        Arrays.fill(padded, text.length, length, (byte) ' ');
        out.write(littleEndian(Long.BYTES).putLong(length).array());
        out.write(padded);
    }

    /**
     * Reads a header; the data of all tensors follows.
     *
     * @param size bytes of the file
     * @param where names the file in messages
     * @throws StoreException if it is not a header that fits the file
     */
    static Safetensors read(InputStream in, long size, String where) throws IOException {
        if (size < Long.BYTES || size > MAX_FILE_BYTES) {
            throw refused(
                    where, "has %d bytes, expected %d to %d", size, Long.BYTES, MAX_FILE_BYTES);
        }
        byte[] start = in.readNBytes(Long.BYTES);
        long length = start.length < Long.BYTES ? 0 : wrap(start).getLong();
        long most = Math.min(size - Long.BYTES, MAX_HEADER_BYTES);
        if (length < 2 || length > most) {
            throw refused(where, "has a header of %d bytes, expected 2 to %d", length, most);
        }
        JsonNode json;
        try {
            json = JSON.readTree(in.readNBytes((int) length));
        } catch (IOException e) {
            throw new StoreException(
                    "%s has an unreadable header: %s%s".formatted(where, e.getMessage(), REMEDY),
                    e);
        }
        Safetensors file = new Safetensors(new LinkedHashMap<>());
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            file.addRead(entry.getKey(), entry.getValue(), where);
        }
        long expected = Long.BYTES + length + file.dataBytes;
        if (size != expected) {
            throw refused(where, "has %d bytes, expected %d by its header", size, expected);
        }
        return file;
    }

    private void addRead(String name, JsonNode entry, String where) throws StoreException {
        if (name.equals(METADATA)) {
            for (Map.Entry<String, JsonNode> text : entry.properties()) {
                metadata.put(text.getKey(), text.getValue().asText());
            }
            return;
        }
        try {
            add(name, Type.valueOf(entry.path("dtype").asText()), shape(entry.path(SHAPE)));
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new StoreException(
                    "%s has a tensor '%s' of %s, expected I32 or F32 and a shape of at most %d numbers%s"
                            .formatted(where, name, entry, MAX_COUNT, REMEDY),
                    e);
        }
        JsonNode offsets = entries.path(name).path(OFFSETS);
        if (!entry.path(OFFSETS).toString().equals(offsets.toString())) {
            throw refused(
                    where,
                    "has tensor '%s' at %s, expected %s: as many bytes as its shape has, without holes",
                    name,
                    entry.path(OFFSETS),
                    offsets);
        }
    }

    private static long[] shape(JsonNode lengths) {
        long[] shape = new long[lengths.size()];
        for (int i = 0; i < shape.length; i++) {
            JsonNode length = lengths.path(i);
            shape[i] = length.canConvertToLong() ? length.longValue() : -1;
            if (!length.isIntegralNumber() || shape[i] < 0) {
                throw new IllegalArgumentException("No length: " + length);
            }
        }
        return shape;
    }

    static void write(OutputStream out, int[] numbers) throws IOException {
        ByteBuffer buffer = littleEndian(BUFFER_BYTES);
        for (int from = 0; from < numbers.length; from += BUFFER_BYTES / Integer.BYTES) {
            int count = Math.min(BUFFER_BYTES / Integer.BYTES, numbers.length - from);
            buffer.asIntBuffer().put(numbers, from, count);
            out.write(buffer.array(), 0, count * Integer.BYTES);
        }
    }

    static void write(OutputStream out, float[] numbers) throws IOException {
        ByteBuffer buffer = littleEndian(BUFFER_BYTES);
        for (int from = 0; from < numbers.length; from += BUFFER_BYTES / Float.BYTES) {
            int count = Math.min(BUFFER_BYTES / Float.BYTES, numbers.length - from);
            buffer.asFloatBuffer().put(numbers, from, count);
            out.write(buffer.array(), 0, count * Float.BYTES);
        }
    }

    /**
     * @throws EOFException if the file ends before
     */
    static int[] readInts(InputStream in, int count) throws IOException {
        int[] numbers = new int[count];
        ByteBuffer buffer = littleEndian(BUFFER_BYTES);
        for (int from = 0; from < count; from += BUFFER_BYTES / Integer.BYTES) {
            int next = Math.min(BUFFER_BYTES / Integer.BYTES, count - from);
            fill(buffer, in, next * Integer.BYTES);
            buffer.asIntBuffer().get(numbers, from, next);
        }
        return numbers;
    }

    /**
     * @throws EOFException if the file ends before
     */
    static float[] readFloats(InputStream in, int count) throws IOException {
        float[] numbers = new float[count];
        ByteBuffer buffer = littleEndian(BUFFER_BYTES);
        for (int from = 0; from < count; from += BUFFER_BYTES / Float.BYTES) {
            int next = Math.min(BUFFER_BYTES / Float.BYTES, count - from);
            fill(buffer, in, next * Float.BYTES);
            buffer.asFloatBuffer().get(numbers, from, next);
        }
        return numbers;
    }

    private static void fill(ByteBuffer buffer, InputStream in, int bytes) throws IOException {
        int found = in.readNBytes(buffer.array(), 0, bytes);
        if (found < bytes) {
            throw new EOFException("%d bytes are missing".formatted(bytes - found));
        }
    }

    private static ByteBuffer littleEndian(int bytes) {
        return wrap(new byte[bytes]);
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static StoreException refused(String where, String found, Object... values) {
        return new StoreException(where + " " + found.formatted(values) + REMEDY);
    }
}
