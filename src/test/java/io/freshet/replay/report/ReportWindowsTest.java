package io.freshet.replay.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportWindowsTest {

    @Test
    void everyPositionIsInTheWindowWhoseBoundsHoldIt() {
        for (int rows : new int[] {1, 3, 20, 97, 1000}) {
            ReportWindows windows = new ReportWindows(rows, 20);
            for (int position = 0; position < rows; position++) {
                int window = windows.of(position);
                assertThat(position)
                        .isGreaterThanOrEqualTo(windows.start(window))
                        .isLessThan(windows.start(window + 1));
            }
        }
    }

    @Test
    void boundsDontOverflow() {
        ReportWindows windows = new ReportWindows(2_000_000_000, 20);

        assertThat(windows.start(19)).isEqualTo(1_900_000_000);
        assertThat(windows.of(1_999_999_999)).isEqualTo(19);
    }
}
