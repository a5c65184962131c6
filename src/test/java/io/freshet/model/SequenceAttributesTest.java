package io.freshet.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceAttributesTest {

    private static final List<int[][]> SEQUENCES =
            List.of(new int[][] {{1}, {2, 3}}, new int[][] {{}, {}, {4}}, new int[][] {});

    @Test
    void sequencesAreFilledFromTheLeftAndWithZeros() {
        SequenceAttributes attributes = SequenceAttributes.of(3, SEQUENCES);

        assertThat(attributes.width()).isEqualTo(2);
        assertThat(attributes.hashes())
                .containsExactly(1, 0, 2, 3, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void partOfThemHasTheirWidth() {
        SequenceAttributes attributes = SequenceAttributes.of(3, SEQUENCES).range(3, 1, 2);

        assertThat(attributes.width()).isEqualTo(2);
        assertThat(attributes.hashes()).containsExactly(0, 0, 0, 0, 4, 0);
    }

    @Test
    void nothingIsKnownOfSequencesWithoutAny() {
        SequenceAttributes attributes =
                SequenceAttributes.of(3, List.of(new int[][] {}, new int[][] {}));

        assertThat(attributes.width()).isZero();
        assertThat(attributes.hashes()).isEmpty();
    }
}
