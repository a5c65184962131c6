package io.freshet.model.tensorflow.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.freshet.config.EncoderConfig;
import io.freshet.config.EncoderConfig.EncoderPooling;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.bert.SafetensorsWeights.FloatFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MiniLM in a directory, in each format, against MiniLM from its jar. */
class EncoderDirectoryITCase {

    private static BertModel model;
    private static List<String> titles;
    private static float[][] expected;

    @TempDir private Path directory;

    @BeforeAll
    static void load() throws IOException {
        model = PackagedEncoder.ALL_MINILM_L6_V2.read();
        titles = TestingTitles.english();
        try (TextEncoder encoder = model.start(64)) {
            expected = encoder.encode(titles);
        }
    }

    @Test
    void safetensorsGiveTheVectorsOfTheOnnxFile() throws IOException {
        writeSafetensors(FloatFormat.F32, UnaryOperator.identity());

        assertThat(encodedHere()).isDeepEqualTo(expected);
    }

    @Test
    void weightsOfAWholeModelWithTheNormsNamesOfOldAreFound() throws IOException {
        writeSafetensors(
                FloatFormat.F32,
                name ->
                        "bert."
                                + name.replace("LayerNorm.weight", "LayerNorm.gamma")
                                        .replace("LayerNorm.bias", "LayerNorm.beta"));

        assertThat(encodedHere()).isDeepEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"F16, 0.9999", "BF16, 0.999"})
    void halfPrecisionGivesNearlyTheSameVectors(FloatFormat format, double least)
            throws IOException {
        writeSafetensors(format, UnaryOperator.identity());

        float[][] vectors = encodedHere();
        for (int i = 0; i < vectors.length; i++) {
            assertThat(TestingVectors.cosine(vectors[i], expected[i]))
                    .as(titles.get(i))
                    .isBetween(least, 1 - 1e-9);
        }
    }

    @Test
    void anOnnxFileGivesTheVectorsOfTheJar() throws IOException {
        writeOthers();
        try (InputStream onnx = OnnxReference.resource("all-minilm-l6-v2.onnx")) {
            Files.copy(onnx, directory.resolve("model.onnx"));
        }

        assertThat(encodedHere()).isDeepEqualTo(expected);
    }

    @Test
    void pooledByTheFirstTokenVectorsAreOthers() throws IOException {
        writeSafetensors(FloatFormat.F32, UnaryOperator.identity());

        try (TextEncoder encoder = runtime(EncoderPooling.CLS, 64).load()) {
            float[] vector = encoder.encode(titles.subList(0, 1))[0];
            assertThat(TestingVectors.product(vector, vector)).isCloseTo(1, within(1e-6));
            assertThat(TestingVectors.cosine(vector, expected[0])).isLessThan(0.99);
        }
    }

    @Test
    void textsLongerThanTheModelsPositionsAreRefused() throws IOException {
        writeSafetensors(FloatFormat.F32, UnaryOperator.identity());

        TextEncoderRuntime runtime = runtime(EncoderPooling.AUTO, 513);

        assertThatThrownBy(runtime::load)
                .hasMessage(
                        "encoder.max-tokens: found 513, expected at most 512, the positions of the"
                                + " model");
    }

    private float[][] encodedHere() throws IOException {
        try (TextEncoder encoder = runtime(EncoderPooling.AUTO, 64).load()) {
            return encoder.encode(titles);
        }
    }

    private TextEncoderRuntime runtime(EncoderPooling pooling, int maxTokens) {
        return TextEncoders.of(
                new EncoderConfig(true, directory.toString(), pooling, 32, maxTokens, 0));
    }

    private void writeSafetensors(FloatFormat format, UnaryOperator<String> names)
            throws IOException {
        writeOthers();
        TestingBertFiles.write(
                directory.resolve("model.safetensors"),
                format,
                TestingBertFiles.renamed(
                        TestingBertFiles.tensors(model.spec(), model.weights()), names));
    }

    private void writeOthers() throws IOException {
        Files.write(directory.resolve("tokenizer.json"), model.tokenizer());
        Files.writeString(
                directory.resolve("config.json"),
                "{\"model_type\": \"bert\", \"num_attention_heads\": 12, \"hidden_size\": 384}");
    }
}
