package io.freshet.replay.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.config.ModelConfig;
import io.freshet.config.OptionCatalog;
import io.freshet.config.TrainingConfig;
import io.freshet.replay.ablation.Variants.Variant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VariantsTest {

    private final List<Variant> variants = Variants.of(10_000, List.of());

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
                Variants.of(10_000, List.of("event-type", "a/b")).stream()
                        .skip(variants.size())
                        .toList();

        assertThat(taking)
                .extracting(Variant::name)
                .containsExactly(
                        "no-attributes",
                        "no-event-type",
                        "event-type-alone",
                        "no-a_b",
                        "a_b-alone");
        assertThat(taking)
                .allMatch(Variant::ownBase)
                .extracting(variant -> variant.options().get(ModelConfig.ATTRIBUTES))
                .containsExactly(
                        List.of(),
                        List.of("a/b"),
                        List.of("event-type"),
                        List.of("event-type"),
                        List.of("a/b"));
        assertThat(Variants.of(10_000, List.of("gap"))).hasSize(variants.size() + 1);
        assertThat(FreshetConfig.from(taking.get(0).options()).model().attributes()).isEmpty();
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
}
