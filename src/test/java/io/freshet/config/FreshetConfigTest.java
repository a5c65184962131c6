package io.freshet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.freshet.config.option.OptionGroup.RangedOption;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreshetConfigTest {

    @Test
    void defaultsAreValid() {
        assertThatCode(() -> FreshetConfig.from(new Configuration())).doesNotThrowAnyException();
    }

    @Test
    void everyProblemIsReportedAtOnceWithKeyFoundValueAndRange() {
        Configuration configuration = new Configuration();
        configuration.setString("history.length", "1");
        configuration.setString("training.clip-norm", "NaN");
        configuration.setString("model.width", "many");
        configuration.setString("history.consume-once", "perhaps");
        configuration.setString("kafka.topic.items", " ");
        configuration.setString("recommend.sources", "crowd");

        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining("6 problem(s)")
                .hasMessageContaining(
                        "history.length: found '1', expected a whole number from 2 to 1000")
                .hasMessageContaining("training.clip-norm: found 'NaN'")
                .hasMessageContaining(
                        "model.width: found 'many', expected a whole number from 4 to 4096")
                .hasMessageContaining(
                        "history.consume-once: found 'perhaps', expected true or false")
                .hasMessageContaining("kafka.topic.items: found ' '")
                .hasMessageContaining(
                        "recommend.sources: found 'crowd', expected MODEL, COUNTS or both")
                .hasMessageNotContaining("io.freshet");
    }

    @Test
    void rulesAcrossFieldsAreChecked() {
        Configuration configuration = new Configuration();
        configuration.setString("model.heads", "3");
        configuration.setString("training.window-time", "1 s");
        configuration.setString("training.min-interactions", "500");
        configuration.setString("training.max-interactions", "499");
        configuration.setString("history.length", "500");
        configuration.setString("recommend.candidates", "5");
        configuration.setString("training.rating-min", "5");
        configuration.setString("training.loss", "mse");
        configuration.setString("training.distillation", "0.5");

        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining("model.heads: found '3', expected a divisor of model.width")
                .hasMessageContaining("training.window-time")
                .hasMessageContaining(
                        "training.max-interactions: found '499', expected at least"
                                + " training.min-interactions = 500")
                .hasMessageContaining(
                        "training.max-interactions: found '499', expected at least"
                                + " history.length = 500, because a sequence is never cut")
                .hasMessageContaining("training.rating-max: found '5.0', expected more than")
                .hasMessageContaining("training.distillation: found '0.5', expected 0 with")
                .hasMessageContaining("recommend.candidates: found '5'");
    }

    @Test
    void modalitiesAreNamesWithWidthsInTheOrderOfNames() {
        Configuration configuration = new Configuration();
        configuration.setString("item.modalities", "image:512,audio:128");

        assertThat(FreshetConfig.from(configuration).item().modalities())
                .containsExactly(entry("audio", 128), entry("image", 512));
    }

    @Test
    void aModalityNeedsANameAndAWidth() {
        Configuration configuration = new Configuration();
        configuration.setString("item.modalities", "image:wide,audio:0");

        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining("item.modalities: found '{")
                .hasMessageContaining("image=wide")
                .hasMessageContaining("audio=0")
                .hasMessageContaining("expected name:width, with a width from 1 to 99999");
        configuration.setString("item.modalities", "image");
        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining("item.modalities: found 'image', expected name:width");
    }

    @Test
    void anEncoderIsAKnownNameOrAPath() {
        Configuration configuration = new Configuration();
        configuration.setString("encoder.model", "bge-smal-en");

        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining("encoder.model: found 'bge-smal-en', expected one of")
                .hasMessageContaining("all-minilm-l6-v2, bge-small-en, bge-small-zh")
                .hasMessageContaining("or the path of a directory, with a '/' in it");

        configuration.setString("encoder.model", "./encoder");
        assertThat(FreshetConfig.from(configuration).encoder().isPackaged()).isFalse();
    }

    @Test
    void thePoolingOfAKnownEncoderIsNotForTheUserToSay() {
        Configuration configuration = new Configuration();
        configuration.setString("encoder.pooling", "cls");

        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining("encoder.pooling: found 'CLS', expected AUTO");

        configuration.setString("encoder.model", "/models/encoder");
        assertThat(FreshetConfig.from(configuration).encoder().pooling())
                .isEqualTo(EncoderConfig.EncoderPooling.CLS);
    }

    @Test
    void layersOfADisabledEncoderCanNotBeUnfrozen() {
        Configuration configuration = new Configuration();
        configuration.setString("encoder.unfreeze-layers", "2");
        assertThat(FreshetConfig.from(configuration).encoder().unfreezeLayers()).isEqualTo(2);

        configuration.setString("encoder.enabled", "false");
        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining("encoder.unfreeze-layers: found '2', expected 0");
    }

    @Test
    void rangesOfListsAreChecked() {
        Configuration configuration = new Configuration();
        configuration.setString("recommend.category-cap", "-1");
        configuration.setString("recommend.diversity", "1.5");
        configuration.setString("recommend.exposure-half-life", "0 s");
        configuration.setString("recommend.exposure-penalty", "-1");

        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining("4 problem(s)")
                .hasMessageContaining("recommend.diversity: found '1.5'");
    }

    @Test
    void everyWaitingSequenceCountsAsTheOldOptionOfPausedOnesSaid() {
        Configuration configuration = new Configuration();
        configuration.setString("control.max-paused-sequences", "700");

        assertThat(FreshetConfig.from(configuration).training().window().maxBacklog())
                .isEqualTo(700);
        configuration.setString("control.max-paused-sequences", "0");
        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining("training.max-backlog: found '0'");
    }

    @Test
    void aLossIsNamedAsInTheDocumentation() {
        Configuration configuration = new Configuration();
        configuration.setString("training.loss", "hinge");
        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining(
                        "training.loss: found 'hinge', expected one of sampled-softmax, bce, mse")
                .hasMessageNotContaining("io.freshet");
        configuration.setString("training.loss", "bce");
        assertThat(FreshetConfig.from(configuration).training().objective().loss())
                .isEqualTo(TrainingConfig.Loss.BCE);
    }

    @ParameterizedTest
    @MethodSource("io.freshet.config.OptionCatalog#all")
    void everyOptionHasAValidDefaultADescriptionAndAKeyOfItsGroup(RangedOption<?> ranged) {
        ConfigOption<?> option = ranged.option();
        assertThat(option.hasDefaultValue()).isTrue();
        assertThat(option.description()).isNotNull();
        assertThat(option.key()).matches("[a-z]+(\\.[a-z][a-z-]*[a-z])+");
    }

    @Test
    void everyOptionThatIsDeclaredIsInTheCatalog() throws IllegalAccessException {
        List<String> declared = new ArrayList<>(keys(FreshetConfig.class));
        declared.addAll(keys(FeedbackConfig.class)); // parts of the history's
        declared.addAll(keys(ResponseConfig.class));
        declared.addAll(keys(AttributesConfig.class)); // part of the ingest's
        for (RecordComponent group : FreshetConfig.class.getRecordComponents()) {
            declared.addAll(keys(group.getType()));
            for (Class<?> part : group.getType().getDeclaredClasses()) {
                declared.addAll(keys(part));
            }
        }

        assertThat(OptionCatalog.all())
                .extracting(ranged -> ranged.option().key())
                .containsExactlyInAnyOrderElementsOf(declared);
    }

    private static List<String> keys(Class<?> group) throws IllegalAccessException {
        List<String> keys = new ArrayList<>();
        for (Field field : group.getDeclaredFields()) {
            if (field.getType() == ConfigOption.class) {
                keys.add(((ConfigOption<?>) field.get(null)).key());
            }
        }
        return keys;
    }

    @Test
    void aStoreWithAPasswordInItsPathIsRefusedWithoutRepeatingIt() {
        Configuration configuration = new Configuration();
        configuration.setString("store.path", "s3://key:hunter2@bucket/models");

        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining("store.path: found 'a URI with a password in it'")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "history.pane|10|10 s, 10 min or 10 d",
                "history.ttl|180|180 s, 180 min or 180 d",
                "item.popularity-half-lives|1 h;30|30 s, 30 min or 30 d",
            })
    void aDurationWithoutAUnitIsRefusedWithWhatToWrite(String key, String value, String units) {
        Configuration configuration = new Configuration();
        configuration.setString(key, value);

        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining("1 problem(s)")
                .hasMessageContaining(key + ": found '" + value + "', expected a unit with each")
                .hasMessageContaining("such as " + units);
    }

    @Test
    void noTimeNeedsNoUnit() {
        Configuration configuration = new Configuration();
        configuration.setString("history.debounce", "0");

        assertThat(FreshetConfig.from(configuration).history().asking().debounce()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"models", "./models", "file:models", "file://models/a", "s3:models"})
    void aStoreWithoutAnAbsolutePlaceIsRefused(String path) {
        Configuration configuration = new Configuration();
        configuration.setString("store.path", path);

        assertThatThrownBy(() -> FreshetConfig.from(configuration))
                .hasMessageContaining(
                        "store.path: found '" + path + "', expected an absolute place");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/mnt/models", "file:/mnt/m", "file:///mnt/m", "s3://bucket", "gs://b/m"})
    void aStoreHasAnAbsolutePlace(String path) {
        Configuration configuration = new Configuration();
        configuration.setString("store.path", path);

        assertThat(FreshetConfig.from(configuration).store().path()).isEqualTo(path);
    }
}
