package io.freshet.model.tensorflow.bert;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

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
                return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
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
