package io.freshet.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.model.FloatTensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensors of 32-bit numbers in the safetensors layout: the length of the header (8 bytes, little
 * endian), the header in JSON, filled up with spaces to 8 bytes, and the tensors' bytes one after
 * another.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">Safetensors</a>
 */
final class SafeTensors {

    /** Largest header: 64 MiB. */
    private static final int MAX_HEADER_BYTES = 64 << 20;

    private static final int ALIGNMENT = 8;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String METADATA = "__metadata__";
    private static final String FLOATS = "F32";
    private static final String INTS = "I32";
    private static final ObjectMapper JSON = new ObjectMapper();

    private SafeTensors() {}

    /**
     * The header of a file.
     *
     * @param bytes length of the header and what is before it
     * @param metadata texts by name
     * @param tensors in the order of their data
     */
    record Header(long bytes, Map<String, String> metadata, List<Entry> tensors) {

        /** Length of the whole file. */
        long fileBytes() {
            return bytes + tensors.stream().mapToLong(Entry::bytes).sum();
        }
    }

    /** A tensor of a file. */
    record Entry(String name, String type, long[] shape) {

        int count() {
            long count = 1;
            for (long dimension : shape) {
                count = Math.multiplyExact(count, dimension);
            }
            return Math.toIntExact(count);
        }

        long bytes() {
            return (long) count() * Integer.BYTES;
        }
    }

    /** What a file holds. */
    record Content(
            Map<String, String> metadata,
            Map<String, int[]> ints,
            Map<String, FloatTensor> floats) {}

    /** Writes a file. */
    static void write(Content content, OutputStream out) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        header.set(METADATA, JSON.valueToTree(content.metadata()));
        long offset = 0;
        for (Map.Entry<String, int[]> tensor : content.ints().entrySet()) {
            long[] shape = {tensor.getValue().length};
            offset = describe(header, new Entry(tensor.getKey(), INTS, shape), offset);
        }
        for (Map.Entry<String, FloatTensor> tensor : content.floats().entrySet()) {
            Entry entry = new Entry(tensor.getKey(), FLOATS, tensor.getValue().shape());
            offset = describe(header, entry, offset);
        }
        byte[] json = JSON.writeValueAsBytes(header);
        int padded = Math.addExact(json.length, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] filled = Arrays.copyOf(json, padded);
        Arrays.fill(filled, json.length, padded, (byte) ' ');
        out.write(littleEndian(Long.BYTES).putLong(padded).array());
        out.write(filled);
        for (int[] values : content.ints().values()) {
            write(values, out);
        }
        for (FloatTensor tensor : content.floats().values()) {
            write(tensor.values(), out);
        }
    }

    private static long describe(ObjectNode header, Entry entry, long offset) {
        ObjectNode tensor = header.putObject(entry.name());
        tensor.put("dtype", entry.type());
        tensor.set("shape", JSON.valueToTree(entry.shape()));
        long end = offset + entry.bytes();
        tensor.set("data_offsets", JSON.valueToTree(new long[] {offset, end}));
        return end;
    }

    private static void write(int[] values, OutputStream out) throws IOException {
        ByteBuffer buffer = littleEndian(BUFFER_BYTES);
        int at = 0;
        while (at < values.length) {
            int count = Math.min(values.length - at, BUFFER_BYTES / Integer.BYTES);
            buffer.asIntBuffer().put(values, at, count);
            out.write(buffer.array(), 0, count * Integer.BYTES);
            at += count;
        }
    }

    private static void write(float[] values, OutputStream out) throws IOException {
        ByteBuffer buffer = littleEndian(BUFFER_BYTES);
        int at = 0;
        while (at < values.length) {
            int count = Math.min(values.length - at, BUFFER_BYTES / Float.BYTES);
            buffer.asFloatBuffer().put(values, at, count);
            out.write(buffer.array(), 0, count * Float.BYTES);
            at += count;
        }
    }

    /**
     * Reads a file's header, and leaves the stream at the first tensor's data.
     *
     * @param fileBytes length of the file
     * @throws IOException if it is no such file, or its length is not what the header says
     */
    static Header readHeader(InputStream in, long fileBytes) throws IOException {
        long length =
                ByteBuffer.wrap(read(in, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > Math.min(MAX_HEADER_BYTES, fileBytes)) {
            throw new IOException(
                    "found a header of %d bytes, expected at most %d"
                            .formatted(length, Math.min(MAX_HEADER_BYTES, fileBytes)));
        }
        JsonNode json = JSON.readTree(new String(read(in, (int) length), StandardCharsets.UTF_8));
        Map<String, String> metadata = new HashMap<>();
        json.path(METADATA)
                .fields()
                .forEachRemaining(e -> metadata.put(e.getKey(), e.getValue().asText()));
        List<Entry> entries = new ArrayList<>();
        Map<String, Long> starts = new HashMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> all = json.fields(); all.hasNext(); ) {
            Map.Entry<String, JsonNode> tensor = all.next();
            if (!tensor.getKey().equals(METADATA)) {
                JsonNode value = tensor.getValue();
                entries.add(entry(tensor.getKey(), value));
                starts.put(tensor.getKey(), value.path("data_offsets").path(0).asLong(-1));
            }
        }
        entries.sort(Comparator.comparingLong(entry -> starts.getOrDefault(entry.name(), 0L)));
        Header header = new Header(Long.BYTES + length, metadata, entries);
        if (header.fileBytes() != fileBytes) {
            throw new IOException(
                    "found %d bytes, expected %d by its header"
                            .formatted(fileBytes, header.fileBytes()));
        }
        return header;
    }

    private static Entry entry(String name, JsonNode tensor) throws IOException {
        String type = tensor.path("dtype").asText();
        long[] shape = new long[tensor.path("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.path("shape").get(i).asLong(-1);
        }
        if (!List.of(FLOATS, INTS).contains(type) || Arrays.stream(shape).anyMatch(d -> d < 0)) {
            throw new IOException(
                    "found tensor '%s' of type %s and shape %s, expected %s or %s"
                            .formatted(name, type, Arrays.toString(shape), FLOATS, INTS));
        }
        try {
            Entry entry = new Entry(name, type, shape);
            entry.count();
            return entry;
        } catch (ArithmeticException e) {
            throw new IOException(
                    "tensor '%s' is too large: %s".formatted(name, e.getMessage()), e);
        }
    }

    /** Reads the data behind a header. */
    static Content readContent(Header header, InputStream in) throws IOException {
        Map<String, int[]> ints = new LinkedHashMap<>();
        Map<String, FloatTensor> floats = new LinkedHashMap<>();
        for (Entry entry : header.tensors()) {
            ByteBuffer buffer = littleEndian(BUFFER_BYTES);
            int[] whole = new int[entry.type().equals(INTS) ? entry.count() : 0];
            float[] real = new float[entry.type().equals(FLOATS) ? entry.count() : 0];
            for (int at = 0; at < entry.count(); at += BUFFER_BYTES / Integer.BYTES) {
                int count = Math.min(entry.count() - at, BUFFER_BYTES / Integer.BYTES);
                fill(in, buffer.array(), count * Integer.BYTES);
                if (whole.length > 0) {
                    buffer.asIntBuffer().get(whole, at, count);
                } else {
                    buffer.asFloatBuffer().get(real, at, count);
                }
            }
            if (entry.type().equals(INTS)) {
                ints.put(entry.name(), whole);
            } else {
                floats.put(entry.name(), new FloatTensor(entry.shape(), real));
            }
        }
        return new Content(header.metadata(), ints, floats);
    }

    private static byte[] read(InputStream in, int count) throws IOException {
        byte[] bytes = new byte[count];
        fill(in, bytes, count);
        return bytes;
    }

    private static void fill(InputStream in, byte[] bytes, int count) throws IOException {
        int read = in.readNBytes(bytes, 0, count);
        if (read < count) {
            throw new EOFException(
                    "found %d bytes, expected %d more".formatted(read, count - read));
        }
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
