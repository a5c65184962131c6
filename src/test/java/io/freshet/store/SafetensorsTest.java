package io.freshet.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.store.Safetensors.Type;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    @Test
    void numbers_pass_through_a_buffer_of_64_kib() throws IOException {
        int[] ints = new int[100_000];
        float[] floats = new float[100_000];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = i * 77_777;
            floats[i] = Float.intBitsToFloat(i * 33_333);
        }
        Bounded bounded = new Bounded();
        Safetensors.write(bounded, ints);
        Safetensors.write(bounded, floats);
        InputStream in = new ByteArrayInputStream(bounded.written.toByteArray());

        assertThat(Safetensors.readInts(in, ints.length)).isEqualTo(ints);
        float[] read = Safetensors.readFloats(in, floats.length);
        for (int i = 0; i < floats.length; i++) {
            assertThat(Float.floatToRawIntBits(read[i]))
                    .isEqualTo(Float.floatToRawIntBits(floats[i]));
        }
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void texts_longer_than_the_parsers_default_are_read() throws IOException {
        Safetensors file = new Safetensors(Map.of("long", "x".repeat(21_000_000)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.writeTo(out);

        Safetensors read =
                Safetensors.read(new ByteArrayInputStream(out.toByteArray()), out.size(), "file");
        assertThat(read.metadata().get("long")).hasSize(21_000_000);
    }

    @Test
    void a_header_beyond_its_limit_is_not_written() {
        Safetensors file =
                new Safetensors(Map.of("long", "x".repeat(Safetensors.MAX_HEADER_BYTES)));

        assertThatThrownBy(() -> file.writeTo(OutputStream.nullOutputStream()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("expected at most 67108864 and 68719476736");
    }

    @Test
    void a_tensor_beyond_any_array_is_not_written() {
        Safetensors file = new Safetensors(Map.of());

        for (long[] shape :
                new long[][] {{1 << 20, 1 << 11}, {1L << 62, 4}, {-1, 3}, {0, 1L << 62, 4}}) {
            if (shape[0] == 0) {
                file.add("empty", Type.F32, shape);
            } else {
                assertThatThrownBy(() -> file.add("large", Type.F32, shape))
                        .isInstanceOf(ArithmeticException.class);
            }
        }
        assertThat(file.tensors()).containsOnlyKeys("empty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
                "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,-4]}}",
                "{'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}",
                "{'a':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}}",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}}",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}}",
                "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}}",
                "{'a':{'dtype':'F32','shape':[1099511627776],'data_offsets':[0,4398046511104]}}",
                "{'a':{'dtype':'F32','shape':[536870912],'data_offsets':[0,2147483648]}}",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
                "{'a':{'dtype':'F32','shape':[2]}}",
                "{'a':1}",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                        + "'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
                "{} {}",
                "{",
                ""
            })
    void a_header_that_does_not_fit_its_file_is_refused(String json) {
        byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        byte[] file =
                ByteBuffer.allocate(16 + text.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(text.length)
                        .put(text)
                        .array();

        assertThatThrownBy(
                        () ->
                                Safetensors.read(
                                        new ByteArrayInputStream(file), file.length, "file x"))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("file x has ")
                .hasMessageContaining("put the file back");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, -1, 0, 1, 9, (64 << 20) + 1})
    void a_header_longer_than_its_file_or_the_limit_is_refused(long length) {
        byte[] start =
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
        for (long size : new long[] {16, 1L << 33}) {
            if (length != 9 || size == 16) {
                assertThatThrownBy(
                                () ->
                                        Safetensors.read(
                                                new ByteArrayInputStream(start), size, "file x"))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining(
                                "has a header of " + length + " bytes, expected 2 to");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, (64L << 30) + 1})
    void a_file_of_an_impossible_size_is_refused(long size) {
        assertThatThrownBy(
                        () ->
                                Safetensors.read(
                                        new ByteArrayInputStream(new byte[7]), size, "file x"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has " + size + " bytes, expected 8 to 68719476736");
    }

    /** Fails when more than a buffer is written at once. */
    private static final class Bounded extends OutputStream {

        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            written.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            assertThat(length).isLessThanOrEqualTo(1 << 16);
            written.write(bytes, offset, length);
        }
    }
}
