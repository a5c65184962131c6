package io.freshet.model.tensorflow.bert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Reads the weights of a safetensors file: eight bytes with the length of a JSON header, the header
 * ({@code {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}}), and the data
 * that its offsets point into; all in little-endian order.
 *
 * <p>A tensor is checked when it is read: a file may have others, of types that are of no use here.
 */
final class SafetensorsWeights {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    /** The limit of the format's own reader. */
    private static final long LONGEST_HEADER = 100_000_000;

    private static final String METADATA = "__metadata__";

    private SafetensorsWeights() {}

    /**
     * Reads the header; the data stays where it is.
     *
     * @param file what is read, for messages
     * @throws IOException if it is no safetensors file
     */
    static BertWeights read(String file, ByteBuffer bytes) throws IOException {
        ByteBuffer rest = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        JsonNode header = header(file, rest);
        ByteBuffer data = rest.slice().order(ByteOrder.LITTLE_ENDIAN);
        Map<String, BertWeights.Tensor> tensors = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                tensors.put(BertWeights.usualName(entry.getKey()), tensor(entry.getValue(), data));
            }
        }
        return new BertWeights(file, tensors);
    }

    private static JsonNode header(String file, ByteBuffer rest) throws IOException {
        if (rest.remaining() < Long.BYTES) {
            throw new IOException(
                    file + ": found " + rest.remaining() + " bytes, expected a safetensors file");
        }
        long length = rest.getLong();
        long most = Math.min(rest.remaining(), LONGEST_HEADER);
        if (length < 2 || length > most) {
            throw new IOException(
                    ("%s: found a header of %s bytes, expected 2 to %s: no safetensors file, or"
                                    + " not all of it")
                            .formatted(file, Long.toUnsignedString(length), most));
        }
        byte[] text = new byte[(int) length];
        rest.get(text);
        try {
            return JSON.readTree(new String(text, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + ": the safetensors header can't be read: " + e.getOriginalMessage(), e);
        }
    }

    private static BertWeights.Tensor tensor(JsonNode entry, ByteBuffer data) {
        String type = entry.path("dtype").asText();
        long[] shape = longs(entry.path("shape"));
        return new BertWeights.Tensor(
                type, shape, () -> floats(type, shape, longs(entry.path("data_offsets")), data));
    }

    private static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }

    private static FloatBuffer floats(String type, long[] shape, long[] offsets, ByteBuffer data) {
        FloatFormat format = format(type);
        long size = format.bytes();
        for (long length : shape) {
            size = Math.multiplyExact(size, length);
        }
        if (offsets.length != 2
                || offsets[0] < 0
                || offsets[1] > data.capacity()
                || offsets[1] - offsets[0] != size) {
            throw new IllegalArgumentException(
                    "found data offsets %s, expected two within %s bytes, %s apart"
                            .formatted(Arrays.toString(offsets), data.capacity(), size));
        }
        return format.readAll(
                data.slice((int) offsets[0], (int) size).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static FloatFormat format(String type) {
        for (FloatFormat format : FloatFormat.values()) {
            if (format.name().equals(type)) {
                return format;
            }
        }
        throw new IllegalArgumentException(
                "found type '%s', expected one of %s"
                        .formatted(type, Arrays.toString(FloatFormat.values())));
    }

    /** The formats of real numbers that safetensors files have, by the names they have there. */
    enum FloatFormat {
        F32(Float.BYTES) {
            @Override
            float read(ByteBuffer bytes) {
                return bytes.getFloat();
            }
        },
        /** IEEE 754 half precision. */
        F16(Short.BYTES) {
            @Override
            float read(ByteBuffer bytes) {
                int bits = bytes.getShort();
                int sign = (bits & 0x8000) << 16;
                int exponent = bits >> 10 & 0x1f;
                int fraction = bits & 0x3ff;
                if (exponent == 0) { // zero and subnormals
                    return Float.intBitsToFloat(
                            sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
                }
                int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
                return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
            }
        },
        /** The upper half of an F32. */
        BF16(Short.BYTES) {
            @Override
            float read(ByteBuffer bytes) {
                return Float.intBitsToFloat(bytes.getShort() << 16);
            }
        };

        private final int bytes;

        FloatFormat(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes of a number. */
        int bytes() {
            return bytes;
        }

        /** Reads the next number. */
        abstract float read(ByteBuffer bytes);

        /** Reads all numbers that remain. */
        FloatBuffer readAll(ByteBuffer buffer) {
            FloatBuffer floats = FloatBuffer.allocate(buffer.remaining() / bytes);
            while (floats.hasRemaining()) {
                floats.put(read(buffer));
            }
            return floats.flip();
        }
    }
}
