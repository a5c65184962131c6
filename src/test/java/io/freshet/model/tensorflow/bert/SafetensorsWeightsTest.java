package io.freshet.model.tensorflow.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsWeightsTest {

    @Test
    void readsTensorsByNameAndShape() throws IOException {
        BertWeights weights =
                read(
                        "{'__metadata__': {'format': 'pt'},"
                                + " 'b': {'dtype': 'F32', 'shape': [2], 'data_offsets': [24, 32]},"
                                + " 'a.weight': {'dtype': 'F32', 'shape': [2, 3],"
                                + " 'data_offsets': [0, 24]}}",
                        floats(1, 2, 3, 4, 5, 6, 7, 8));

        assertThat(array(weights.tensor("a.weight", 2, 3))).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(array(weights.matrix("a", 3, 2))).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(array(weights.tensor("b", 2))).containsExactly(7, 8);
        assertThat(weights.has("__metadata__")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "F16, 0x3c00, 1",
        "F16, 0xc248, -3.140625",
        "F16, 0x7bff, 65504",
        "F16, 0x0001, 0x1p-24",
        "F16, 0x83ff, -0x1.ff8p-15",
        "F16, 0x0400, 0x1p-14",
        "F16, 0x8000, -0.0",
        "F16, 0x7c00, Infinity",
        "F16, 0x7e00, NaN",
        "BF16, 0x3f80, 1",
        "BF16, 0xc049, -3.140625",
        "BF16, 0x7f80, Infinity"
    })
    void halvesBecomeTheFloatsTheyAre(String type, String bits, String value) throws IOException {
        ByteBuffer data = littleEndian(2).putShort(Integer.decode(bits).shortValue()).flip();
        BertWeights weights =
                read(
                        "{'x': {'dtype': '%s', 'shape': [1], 'data_offsets': [0, 2]}}"
                                .formatted(type),
                        data);

        assertThat(weights.tensor("x", 1).get()).isEqualTo(Float.valueOf(value));
    }

    @Test
    void aTensorOfAnotherShapeIsRefusedWithWhatWasFoundAndExpected() throws IOException {
        BertWeights weights =
                read("{'x': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}}", floats(1, 2));

        assertThatThrownBy(() -> weights.tensor("x", 2, 1))
                .hasMessage("Tensor x of test: found F32 of shape [2], expected shape [2, 1]");
        assertThatThrownBy(() -> weights.shape("x", 2))
                .hasMessage("Tensor x of test: found shape [2], expected 2 dimension(s)");
    }

    @Test
    void aMissingTensorIsNamedBesideThoseThereAre() throws IOException {
        BertWeights weights =
                read("{'x': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}}", floats(1, 2));

        assertThatThrownBy(() -> weights.tensor("y", 2))
                .hasMessage("test has no tensor y; it has [x]");
    }

    @Test
    void integersAreNoWeightsButMayBeInTheFile() throws IOException {
        BertWeights weights =
                read("{'x': {'dtype': 'I64', 'shape': [1], 'data_offsets': [0, 8]}}", floats(1, 2));

        assertThatThrownBy(() -> weights.tensor("x", 1))
                .hasMessage("Tensor x of test: found type 'I64', expected one of [F32, F16, BF16]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[0, 12]", "[4, 12]", "[-4, 4]", "[0, 4]", "[8, 0]", "[0]", "[]"})
    void offsetsOutsideOfTheDataOrOfAnotherSizeAreRefused(String offsets) throws IOException {
        BertWeights weights =
                read(
                        "{'x': {'dtype': 'F32', 'shape': [2], 'data_offsets': %s}}"
                                .formatted(offsets),
                        floats(1, 2));

        assertThatThrownBy(() -> weights.tensor("x", 2))
                .hasMessage(
                        "Tensor x of test: found data offsets "
                                + offsets
                                + ", expected two within 8 bytes, 8 apart");
    }

    @Test
    void aHeaderLongerThanTheFileIsRefused() {
        for (long length : new long[] {-1, 0, 1, 9, Long.MAX_VALUE}) {
            ByteBuffer file = littleEndian(16).putLong(length).putLong(0).flip();

            assertThatThrownBy(() -> SafetensorsWeights.read("test", file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(
                            "found a header of "
                                    + Long.toUnsignedString(length)
                                    + " bytes, expected 2 to 8");
        }
    }

    @Test
    void whatIsNoSafetensorsFileIsRefused() {
        assertThatThrownBy(() -> SafetensorsWeights.read("test", ByteBuffer.allocate(7)))
                .hasMessage("test: found 7 bytes, expected a safetensors file");
        assertThatThrownBy(() -> read("{'x': ", floats()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the safetensors header can't be read");
        assertThatThrownBy(() -> read("{'x': {}, 'x': {}}", floats()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Duplicate");
    }

    private static BertWeights read(String header, ByteBuffer data) throws IOException {
        byte[] text = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return SafetensorsWeights.read(
                "test",
                littleEndian(Long.BYTES + text.length + data.remaining())
                        .putLong(text.length)
                        .put(text)
                        .put(data)
                        .flip());
    }

    private static ByteBuffer floats(float... values) {
        ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.flip();
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static float[] array(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }
}
