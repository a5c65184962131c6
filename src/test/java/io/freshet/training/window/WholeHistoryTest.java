package io.freshet.training.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.TestingFeedback;
import io.freshet.event.Interaction;
import io.freshet.event.TrainingSequence;
import io.freshet.runtime.attribute.PositionAttributes;
import java.util.List;
import org.junit.jupiter.api.Test;

class WholeHistoryTest {

    private static final FeedbackConfig FEEDBACK =
            TestingFeedback.of("weights", "view:0,try:0.5", "negative-types", "return");

    @Test
    void isAllOfAUser() {
        TrainingSequence history =
                WholeHistory.of(
                                List.of(
                                        new Interaction("e1", "u", "a", "buy", 3f, 100, 1, 7),
                                        new Interaction("e2", "u", "b", "buy", 4f, 200, 0, 9)),
                                TestingFeedback.of(),
                                PositionAttributes.none())
                        .orElseThrow();

        assertThat(history.userId()).isEqualTo("u");
        assertThat(history.paneEnd()).isEqualTo(201);
        assertThat(history.items()).containsExactly("a", "b");
        assertThat(history.ratings()).containsExactly(3f, 4f);
        assertThat(history.timestamps()).containsExactly(100, 200);
        assertThat(history.fresh()).containsExactly(0, 1);
        assertThat(history.partitions()).containsExactly(1, 0);
        assertThat(history.offsets()).containsExactly(7, 9);
        assertThat(history.weights()).as("all 1").isEmpty();
    }

    @Test
    void weighsTypes() {
        TrainingSequence history =
                history(
                        interaction("a", "view", 1),
                        interaction("a", "buy", 2),
                        interaction("b", "try", 3));

        assertThat(history.items()).containsExactly("a", "b");
        assertThat(history.weights()).containsExactly(1, 0.5f);
    }

    @Test
    void furtherTypesOnTheNewestItemAreOfTheSameChoice() {
        TrainingSequence history =
                history(
                        interaction("a", "view", 1),
                        interaction("a", "buy", 2),
                        interaction("a", "try", 3),
                        interaction("a", "buy", 4),
                        interaction("b", "", 5),
                        interaction("b", "", 6),
                        interaction("b", "buy", 7),
                        new Interaction("e8", "u", "b", "view", 4f, 8, 0, 8));

        assertThat(history.items()).containsExactly("a", "a", "b", "b", "b");
        assertThat(history.weights()).as("all 1").isEmpty();
        assertThat(history.timestamps())
                .as("when it said most, or was rated")
                .containsExactly(2, 4, 5, 6, 8);
        assertThat(history.offsets()).containsExactly(2, 4, 5, 6, 8);
        assertThat(history.ratings())
                .containsExactly(Float.NaN, Float.NaN, Float.NaN, Float.NaN, 4);
    }

    @Test
    void aRejectionIsNoPositionAndTakesTheLastChoiceBack() {
        TrainingSequence history =
                history(
                        interaction("a", "buy", 1),
                        interaction("a", "buy", 2),
                        interaction("b", "buy", 3),
                        interaction("a", "view", 4),
                        interaction("a", "return", 5),
                        interaction("a", "buy", 6));

        assertThat(history.items()).containsExactly("a", "a", "b", "a");
        assertThat(history.weights()).containsExactly(1, 0, 1, 1);
        assertThat(history.offsets()).containsExactly(1, 2, 3, 6);
        assertThat(history.rejected()).as("chosen again").isEmpty();
    }

    @Test
    void aRejectionIsBehindWhatWasBeforeIt() {
        TrainingSequence history =
                history(
                        interaction("x", "return", 1),
                        interaction("a", "buy", 2),
                        interaction("b", "return", 3),
                        interaction("c", "buy", 4));

        assertThat(history.rejected()).containsExactly("b");
        assertThat(history.rejectedAfter()).containsExactly(1);
    }

    @Test
    void thereIsNoneOfRejectionsAlone() {
        assertThat(
                        WholeHistory.of(
                                List.of(interaction("a", "return", 1)),
                                FEEDBACK,
                                PositionAttributes.none()))
                .isEmpty();
    }

    private static TrainingSequence history(Interaction... interactions) {
        return WholeHistory.of(List.of(interactions), FEEDBACK, PositionAttributes.none())
                .orElseThrow();
    }

    private static Interaction interaction(String item, String type, long time) {
        return new Interaction("e" + time, "u", item, type, Float.NaN, time, 0, time);
    }
}
