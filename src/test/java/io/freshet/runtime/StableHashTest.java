package io.freshet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The values decide what is trained and what is held out, so they must never change. */
class StableHashTest {

    @Test
    void mixesAsSplitMix64DoesFromItsSeedOfZero() {
        assertThat(StableHash.mix(0)).isEqualTo(0xe220a8397b1dcdafL);
        assertThat(StableHash.mix(0x9e3779b97f4a7c15L)).isEqualTo(0x6e789e6aa1b965f4L);
    }

    @Test
    void fractionsAreUniformAndDependOnTextAndSeed() {
        double[] fractions =
                IntStream.range(0, 10_000)
                        .mapToDouble(i -> StableHash.fraction("user-" + i, 7))
                        .toArray();

        for (int tenth = 0; tenth < 10; tenth++) {
            double from = tenth / 10.0;
            long inside =
                    IntStream.range(0, fractions.length)
                            .filter(i -> fractions[i] >= from && fractions[i] < from + 0.1)
                            .count();
            assertThat((double) inside).isCloseTo(1_000, within(150.0));
        }
        assertThat(StableHash.fraction("user-1", 7)).isEqualTo(fractions[1]);
        assertThat(StableHash.fraction("user-1", 8)).isNotEqualTo(fractions[1]);
    }
}
