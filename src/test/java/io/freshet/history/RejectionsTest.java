package io.freshet.history;

import static io.freshet.history.TestingInteractions.interaction;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.runtime.attribute.PositionAttributes;
import org.junit.jupiter.api.Test;

class RejectionsTest {

    private static final float CHOICE = 1;
    private static final float CONTEXT = 0;

    private final RejectionState rejections = new RejectionState();
    private final HistoryState user = new HistoryState();
    private final Timeline timeline = new Timeline(10, PositionAttributes.none());

    @Test
    void areInOrderOfTimeEachItemOnceAndWithItsNewest() {
        assertThat(Rejections.add(rejections, "b", 20, user)).isTrue();
        assertThat(Rejections.add(rejections, "a", 10, user)).isTrue();
        assertThat(Rejections.add(rejections, "a", 30, user)).isTrue();
        assertThat(Rejections.add(rejections, "b", 15, user)).as("an older one").isFalse();

        assertThat(rejections.items).containsExactly("b", "a");
        assertThat(rejections.timestamps).containsExactly(20, 30);
    }

    @Test
    void aLaterChoiceEndsARejectionWhicheverArrivesFirst() {
        Rejections.add(rejections, "a", 20, user);
        assertThat(Rejections.choose(rejections, "a", 19)).isFalse();
        assertThat(Rejections.choose(rejections, "b", 21)).isFalse();
        assertThat(Rejections.choose(rejections, "a", 21)).isTrue();
        assertThat(rejections.items).isEmpty();

        timeline.insert(user, interaction("a", 21, 0), CHOICE);
        assertThat(Rejections.add(rejections, "a", 20, user)).isFalse();
        assertThat(rejections.items).isEmpty();
    }

    @Test
    void ofAChoiceAndARejectionAtOneTimeTheRejectionCounts() {
        timeline.insert(user, interaction("a", 20, 0), CHOICE);

        assertThat(Rejections.add(rejections, "a", 20, user)).isTrue();
        assertThat(Rejections.choose(rejections, "a", 20)).isFalse();
    }

    @Test
    void contextEndsNoRejection() {
        timeline.insert(user, interaction("a", 30, 0), CONTEXT);

        assertThat(Rejections.add(rejections, "a", 20, user)).isTrue();
    }

    @Test
    void areBoundedAndTheOldestGiveWay() {
        for (int i = 0; i < 150; i++) {
            Rejections.add(rejections, "i" + i, i, user);
        }

        assertThat(rejections.items).hasSize(100).startsWith("i50").endsWith("i149");
        assertThat(rejections.timestamps).hasSize(100);
    }
}
