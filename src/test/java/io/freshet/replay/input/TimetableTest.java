package io.freshet.replay.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TimetableTest {

    private static final Timetable TIMETABLE =
            new Timetable(new long[] {10, 20, 20, 30, 40}, Map.of(), Map.of());

    @Test
    void halfIsRoundedDown() {
        assertThat(TIMETABLE.half()).isEqualTo(2);
    }

    @Test
    void findsTheNewestRowBeforeATime() {
        assertThat(TIMETABLE.lastBefore(10)).isEqualTo(-1);
        assertThat(TIMETABLE.lastBefore(11)).isEqualTo(0);
        assertThat(TIMETABLE.lastBefore(20)).isEqualTo(0);
        assertThat(TIMETABLE.lastBefore(21)).isEqualTo(2);
        assertThat(TIMETABLE.lastBefore(Long.MAX_VALUE)).isEqualTo(4);
    }
}
