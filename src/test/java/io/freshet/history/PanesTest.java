package io.freshet.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PanesTest {

    private static final long NO_WATERMARK = Long.MIN_VALUE;

    private final Panes panes = new Panes(Duration.ofMillis(100));

    @Test
    void anInteractionBelongsToThePaneOfItsEventTime() {
        assertThat(panes.end(0, NO_WATERMARK)).isEqualTo(100);
        assertThat(panes.end(99, NO_WATERMARK)).isEqualTo(100);
        assertThat(panes.end(100, 50)).isEqualTo(200);
        assertThat(panes.end(-1, NO_WATERMARK)).isZero();
    }

    @Test
    void aLateInteractionBelongsToTheOldestPaneThatIsStillOpen() {
        assertThat(panes.end(10, 198)).isEqualTo(200);
        assertThat(panes.end(10, 199)).as("the watermark closed the pane").isEqualTo(300);
        assertThat(panes.end(10, 200)).isEqualTo(300);
    }
}
