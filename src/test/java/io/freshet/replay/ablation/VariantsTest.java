package io.freshet.replay.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.Arguments;
import io.freshet.config.FreshetConfig;
import io.freshet.config.ItemConfig;
import io.freshet.config.ModelConfig;
import io.freshet.config.OptionCatalog;
import io.freshet.config.TrainingConfig;
import io.freshet.replay.ablation.Variants.Variant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VariantsTest {

    private final List<Variant> variants = variants();

    @Test
    void theFullSystemComesFirstAndChangesNothing() {
        assertThat(variants.get(0).name()).isEqualTo("full");
        assertThat(variants.get(0).options().toMap()).isEmpty();
    }

    @Test
    void everyOtherVariantSwitchesOffSomethingThatExists() {
        assertThat(variants).extracting(Variant::name).doesNotHaveDuplicates();
        for (Variant variant : variants.subList(1, variants.size())) {
            assertThat(variant.options().toMap().keySet())
                    .as(variant.name())
                    .isNotEmpty()
                    .allMatch(OptionCatalog::has);
            assertThat(FreshetConfig.from(variant.options())).isNotNull();
        }
    }

    @Test
    void eachAttributeIsLeftOutAndTakenAlone() {
        List<Variant> taking =
                variants(
                                "--attributes.context",
                                "a/b:category",
                                "--model.attributes",
                                "event-type,a/b",
                                "--item.attribute-width",
                                "8")
                        .stream()
                        .skip(variants.size())
                        .toList();

        assertThat(taking)
                .extracting(Variant::name)
                .containsExactly(
                        "no-item-attributes",
                        "no-attributes",
                        "no-event-type",
                        "event-type-alone",
                        "no-a_b",
                        "a_b-alone");
        assertThat(taking).allMatch(Variant::ownBase);
        assertThat(taking.get(0).options().get(ItemConfig.ATTRIBUTE_WIDTH)).isZero();
        assertThat(taking.subList(1, taking.size()))
                .extracting(variant -> variant.options().get(ModelConfig.ATTRIBUTES))
                .containsExactly(
                        List.of(),
                        List.of("a/b"),
                        List.of("event-type"),
                        List.of("event-type"),
                        List.of("a/b"));
        assertThat(variants("--model.attributes", "gap")).hasSize(variants.size() + 1);
        assertThat(FreshetConfig.from(taking.get(1).options()).model().attributes()).isEmpty();
    }

    @Test
    void tenUpdatesShareTheSecondHalf() {
        Variant ten = variants.get(variants.size() - 1);

        TrainingConfig training = FreshetConfig.from(ten.options()).training();
        assertThat(training.window().minInteractions()).isEqualTo(500);
        assertThat(training.window().maxInteractions()).isEqualTo(500);
    }

    @Test
    void aVariantWithAnotherModelMakesItsOwnBase() {
        assertThat(variants)
                .filteredOn(variant -> variant.options().toString().contains("encoder."))
                .allMatch(Variant::ownBase)
                .isNotEmpty();
    }

    private static List<Variant> variants(String... options) {
        return Variants.of(10_000, FreshetConfig.from(Arguments.parse(options)));
    }
}
