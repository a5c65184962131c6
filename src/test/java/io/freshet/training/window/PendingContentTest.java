package io.freshet.training.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.EncodedItem;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingContentTest {

    private static final EncodedItem LAMP = item("lamp", 10);
    private static final EncodedItem LAMP_2 = item("lamp", 20);
    private static final EncodedItem SOFA = item("sofa", 30);

    private final PendingContent content = new PendingContent(3, List.of());

    @Test
    void the_newest_content_of_each_item_waits() {
        content.add(LAMP);
        content.add(SOFA);
        content.add(LAMP_2);

        assertThat(content.all()).containsExactlyInAnyOrder(LAMP_2, SOFA);
        assertThat(new PendingContent(3, content.all()).all()).isEqualTo(content.all());
    }

    @Test
    void a_window_can_be_given_what_is_of_before_its_end_alone() {
        content.add(LAMP);
        content.add(SOFA);

        assertThat(content.before(10)).isEmpty();
        assertThat(content.before(11)).containsExactly(LAMP);
        assertThat(content.before(31)).containsExactlyInAnyOrder(LAMP, SOFA);
    }

    @Test
    void what_the_live_model_has_waits_no_longer_unless_it_was_replaced_meanwhile() {
        content.add(LAMP);
        content.add(SOFA);
        List<EncodedItem> given = content.all();
        content.add(LAMP_2);

        content.taken(given);

        assertThat(content.all()).containsExactly(LAMP_2);
    }

    @Test
    void what_an_earlier_revision_lacks_waits_again_unless_there_is_newer() {
        content.add(LAMP_2);

        content.addLost(LAMP);
        content.addLost(SOFA);

        assertThat(content.all()).containsExactlyInAnyOrder(LAMP_2, SOFA);
    }

    @Test
    void no_more_waits_than_the_model_can_have_rows() {
        for (int i = 0; i < 100_000; i++) {
            content.add(item("item" + i, i));
            content.add(LAMP);
        }

        assertThat(content.all())
                .extracting(EncodedItem::itemId)
                .hasSize(3)
                .contains("item99999", "lamp");
        assertThat(content.dropped()).isGreaterThan(99_000);
    }

    private static EncodedItem item(String id, long timestamp) {
        return new EncodedItem(id, true, timestamp, new float[] {1}, List.of());
    }
}
