package io.freshet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MovingMeanTest {

    private final MovingMean mean = new MovingMean(100);

    @Test
    void isWhatCameFirstAndThenFollowsTheNewest() {
        assertThat(mean.get()).isNaN();
        mean.add(4, 1);
        assertThat(mean.get()).isEqualTo(4);
        mean.add(8, 1);
        assertThat(mean.get()).isCloseTo(4.04, within(1e-9));
        mean.add(8, 10_000);
        assertThat(mean.get()).isCloseTo(8, within(1e-9));
    }

    @Test
    void weighsValuesTogetherAsOneByOne() {
        MovingMean single = new MovingMean(100);
        mean.add(1, 1);
        single.add(1, 1);
        mean.add(3, 50);
        for (int i = 0; i < 50; i++) {
            single.add(3, 1);
        }
        assertThat(mean.get()).isCloseTo(single.get(), within(1e-9));
    }

    @Test
    void leavesOutWhatIsNoNumberAndNothing() {
        mean.add(Double.NaN, 3);
        mean.add(1, 0);
        assertThat(mean.get()).isNaN();
        mean.add(2, 1);
        mean.add(Double.NaN, 3);
        assertThat(mean.get()).isEqualTo(2);
    }
}
