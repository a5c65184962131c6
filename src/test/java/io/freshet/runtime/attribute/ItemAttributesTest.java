package io.freshet.runtime.attribute;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.ItemConfig;
import io.freshet.event.Attribute;
import io.freshet.event.CatalogItem;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ItemAttributesTest {

    private static final int WIDTH = 64;
    private static final Attribute ACME = Attribute.category("brand", "acme");
    private static final Attribute OTHER = Attribute.category("brand", "other");
    private static final Attribute CHEAP = Attribute.number("price", 1);

    private final ItemAttributes attributes = new ItemAttributes(WIDTH, Set.of("released"));

    @Test
    void eachValueHasPlacesOfItsOwn() {
        float[] acme = vector(item(ACME));

        assertThat(acme).hasSize(WIDTH).isEqualTo(vector(item(ACME)));
        assertThat(cosine(acme, vector(item(OTHER)))).isLessThan(0.6);
        assertThat(cosine(acme, vector(item(ACME, CHEAP)))).isBetween(0.5, 0.95);
    }

    @Test
    void categoriesAreAttributesToo() {
        CatalogItem mug =
                new CatalogItem("i", "", "", List.of("mugs"), true, 1, Map.of(), List.of());

        assertThat(vector(mug)).isEqualTo(vector(item(Attribute.category("categories", "mugs"))));
    }

    @Test
    void pricesOfOneRangeAreOneValueAndDatesOfOneYear() {
        assertThat(vector(item(Attribute.number("price", 100))))
                .isEqualTo(vector(item(Attribute.number("price", 105))))
                .isNotEqualTo(vector(item(Attribute.number("price", 200))));
        assertThat(vector(item(Attribute.number("released", 0))))
                .isEqualTo(vector(item(Attribute.number("released", 364))))
                .isNotEqualTo(vector(item(Attribute.number("released", 365))));
    }

    @Test
    void otherModalitiesStay() {
        CatalogItem pictured =
                new CatalogItem(
                        "i",
                        "",
                        "",
                        List.of(),
                        true,
                        1,
                        Map.of("image", new float[] {1}),
                        List.of(ACME));

        assertThat(attributes.vectors(pictured)).containsOnlyKeys("image", "attributes");
        assertThat(attributes.modalities(Map.of("image", 1)))
                .isEqualTo(Map.of("image", 1, "attributes", WIDTH));
        assertThat(ItemAttributes.MODALITY).isEqualTo(ItemConfig.ATTRIBUTES_MODALITY);
    }

    @Test
    void anItemWithoutAttributesHasNoVectorOfThem() {
        assertThat(attributes.vectors(item())).isEmpty();
    }

    @Test
    void ofNoWidthThereIsNone() {
        assertThat(ItemAttributes.none().vectors(item(ACME))).isEmpty();
        assertThat(ItemAttributes.none().modalities(Map.of())).isEmpty();
    }

    /** Models are trained on them. */
    @Test
    void placesStayTheSame() {
        assertThat(Arrays.hashCode(vector(item(ACME, CHEAP)))).isEqualTo(-826_312_703);
    }

    private float[] vector(CatalogItem item) {
        return requireNonNull(attributes.vectors(item).get(ItemAttributes.MODALITY));
    }

    private static double cosine(float[] a, float[] b) {
        return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
    }

    private static double product(float[] a, float[] b) {
        double product = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
        }
        return product;
    }

    private static CatalogItem item(Attribute... attributes) {
        return new CatalogItem("i", "", "", List.of(), true, 1, Map.of(), List.of(attributes));
    }
}
