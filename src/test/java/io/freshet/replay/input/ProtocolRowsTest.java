package io.freshet.replay.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.TestingFeedback;
import io.freshet.event.Interaction;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolRowsTest {

    private static final float NONE = Float.NaN;

    private final ProtocolRows rows =
            new ProtocolRows(List.of("click"), List.of("return", "look"), 3);

    @Test
    void rowsAreIgnoredByTypeAndByALowRating() {
        assertThat(rows.ignores(row("return", NONE))).isTrue();
        assertThat(rows.ignores(row("click", NONE))).isFalse();
        assertThat(rows.ignores(row("rating", 2.9f))).isTrue();
        assertThat(rows.ignores(row("rating", 3))).isFalse();
        assertThat(ProtocolRows.ALL.ignores(row("return", -1))).isFalse();
    }

    @Test
    void anIgnoredRowComesIntoTheJobOnlyIfItIsNoHistoryThere() {
        FeedbackConfig feedback =
                TestingFeedback.of("negative-types", "return", "negative-below", "2");

        assertThat(rows.leavesOut(row("look", NONE), feedback)).isTrue();
        assertThat(rows.leavesOut(row("return", NONE), feedback)).isFalse();
        assertThat(rows.leavesOut(row("rating", 2.5f), feedback)).isTrue();
        assertThat(rows.leavesOut(row("rating", 1), feedback)).isFalse();
        assertThat(rows.leavesOut(row("click", NONE), feedback)).isFalse();
    }

    @Test
    void whatIsTestedMustNotBeIgnored() {
        assertThatThrownBy(() -> new ProtocolRows(List.of("click"), List.of("click"), NONE))
                .hasMessageContaining(
                        "targets: found 'click', expected a type that is not ignored");
    }

    private static Interaction row(String type, float rating) {
        return new Interaction("e", "u", "i", type, rating, 1, 0, 0);
    }
}
