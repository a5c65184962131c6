package io.freshet.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.CatalogItem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ItemTextTest {

    @Test
    void titleComesFirstThenCategoriesThenDescription() {
        assertThat(text("Mug", "Holds tea.", List.of("Kitchen", "Cups")))
                .isEqualTo("Mug. Kitchen, Cups. Holds tea.");
    }

    @Test
    void whatIsBlankIsLeftOut() {
        assertThat(text(" Mug ", " ", List.of("", "Cups"))).isEqualTo("Mug. Cups");
        assertThat(text("", "", List.of())).isEmpty();
    }

    private static String text(String title, String description, List<String> categories) {
        return ItemText.of(new CatalogItem("i", title, description, categories, true, 0, Map.of()));
    }
}
