package io.freshet.model.tensorflow.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.EncoderConfig;
import io.freshet.config.EncoderConfig.EncoderPooling;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.bert.BertGraph.Pooling;
import io.freshet.model.tensorflow.bert.SafetensorsWeights.FloatFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found out about a tiny model in a directory, and what is refused. */
class EncoderDirectoryTest {

    private static final BertSpec TINY = new BertSpec(20, 16, 2, 8, 3, 2, 12, 1e-5f);

    @TempDir private Path directory;

    @BeforeEach
    void write() throws IOException {
        weights(TestingBertFiles.random(TINY, 1));
        write("tokenizer.json", "{}");
        write("config.json", "{'num_attention_heads': 2, 'layer_norm_eps': 1e-5}");
    }

    @Test
    void sizesAreFoundInTheShapesOfTheWeights() throws IOException {
        BertModel model = read();

        assertThat(model.spec()).isEqualTo(TINY);
        assertThat(runtime().width()).isEqualTo(8);
    }

    @Test
    void theMeanIsPooledUnlessTheDirectorySaysOtherwise() throws IOException {
        assertThat(read().pooling()).isEqualTo(Pooling.MEAN);

        Files.createDirectory(directory.resolve("1_Pooling"));
        write("1_Pooling/config.json", "{'pooling_mode_cls_token': true}");
        assertThat(read().pooling()).isEqualTo(Pooling.CLS);

        write("1_Pooling/config.json", "{'pooling_mode_mean_tokens': true}");
        assertThat(read().pooling()).isEqualTo(Pooling.MEAN);
    }

    @Test
    void theOptionOverridesThePoolingOfTheDirectory() throws IOException {
        Files.createDirectory(directory.resolve("1_Pooling"));
        write("1_Pooling/config.json", "{'pooling_mode_max_tokens': true}");

        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1_Pooling/config.json: found")
                .hasMessageContaining("option encoder.pooling overrides it");
        assertThat(new EncoderDirectory(directory).read(EncoderPooling.CLS).pooling())
                .isEqualTo(Pooling.CLS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|num_attention_heads: found nothing",
                "{'num_attention_heads': 3}|expected a divisor of the hidden vectors' width 8",
                "{'num_attention_heads': 2, 'hidden_size': 16}"
                        + "|hidden_size: config.json says 16, but the weights have 8",
                "{'num_attention_heads': 2, 'num_hidden_layers': 4}"
                        + "|num_hidden_layers: config.json says 4, but the weights have 3",
                "{'num_attention_heads': 2, 'model_type': 'roberta'}"
                        + "|model_type of config.json: found 'roberta', expected 'bert'",
                "{'num_attention_heads': 2, 'hidden_act': 'relu'}"
                        + "|hidden_act of config.json: found 'relu', expected 'gelu'",
                "{'num_attention_heads':|config.json can't be read"
            },
            quoteCharacter = '`')
    void aConfigurationThatDoesNotFitIsRefused(String config, String message) throws IOException {
        write("config.json", config);

        assertThatThrownBy(this::read).hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "tokenizer.json", "config.json"})
    void aMissingFileIsNamed(String file) throws IOException {
        Files.delete(directory.resolve(file));

        assertThatThrownBy(this::runtime)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("encoder.model: Found")
                .hasMessageContaining(directory.resolve(file).toString());
    }

    @Test
    void aModelOfAnotherKindLacksTensorsThatAreNamed() throws IOException {
        weights(
                TestingBertFiles.renamed(
                        TestingBertFiles.random(TINY, 1), name -> name.replace("type", "kind")));

        assertThatThrownBy(this::read)
                .hasMessageContaining("has no tensor embeddings.token_type_embeddings.weight")
                .hasMessageContaining("embeddings.token_kind_embeddings.weight");
    }

    @Test
    void theNameSaysWhatTheVectorsDependOnAndNotWhereItIs(@TempDir Path elsewhere)
            throws IOException {
        String name = runtime().name();
        for (String file : List.of("model.safetensors", "tokenizer.json", "config.json")) {
            Files.copy(directory.resolve(file), elsewhere.resolve(file));
        }
        assertThat(runtime(elsewhere, EncoderPooling.AUTO, 8).name()).isEqualTo(name);

        assertThat(runtime(directory, EncoderPooling.CLS, 8).name()).isNotEqualTo(name);
        assertThat(runtime(directory, EncoderPooling.AUTO, 9).name()).isNotEqualTo(name);

        weights(TestingBertFiles.random(TINY, 2));
        assertThat(runtime().name()).isNotEqualTo(name);
    }

    @Test
    void filesThatChangedSinceSubmissionAreRefused() throws IOException {
        TextEncoderRuntime submitted = runtime();
        weights(TestingBertFiles.random(TINY, 2));

        assertThatThrownBy(submitted::load)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("as where the job was submitted");
    }

    @Test
    void aDisabledEncoderIsNotLookedFor() {
        TextEncoderRuntime none =
                TextEncoders.of(
                        new EncoderConfig(false, "/nowhere", EncoderPooling.AUTO, 32, 64, 0));

        assertThat(none.width()).isZero();
        assertThatThrownBy(none::load).hasMessageContaining("encoder.enabled is false");
    }

    private BertModel read() throws IOException {
        return new EncoderDirectory(directory).read(EncoderPooling.AUTO);
    }

    private TextEncoderRuntime runtime() {
        return runtime(directory, EncoderPooling.AUTO, 8);
    }

    private static TextEncoderRuntime runtime(Path path, EncoderPooling pooling, int maxTokens) {
        return TextEncoders.of(new EncoderConfig(true, path.toString(), pooling, 32, maxTokens, 0));
    }

    private void weights(List<TestingBertFiles.Tensor> tensors) throws IOException {
        Path file = directory.resolve("model.safetensors");
        Files.deleteIfExists(file);
        TestingBertFiles.write(file, FloatFormat.F32, tensors);
    }

    private void write(String file, String json) throws IOException {
        Files.writeString(directory.resolve(file), json.replace('\'', '"'));
    }
}
