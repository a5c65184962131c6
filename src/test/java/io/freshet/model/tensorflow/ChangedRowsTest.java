package io.freshet.model.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChangedRowsTest {

    private final ChangedRows changed = new ChangedRows(10);

    @Test
    void aStepChangesWeightsAndNoContent() {
        changed.touch(new int[] {7, 3, 7});

        assertThat(changed.touched()).containsExactly(3, 7);
        assertThat(changed.described()).isEmpty();
    }

    @Test
    void aDescriptionChangesContentAndNoWeights() {
        changed.describe(new int[] {5, 2});

        assertThat(changed.described()).containsExactly(2, 5);
        assertThat(changed.touched()).isEmpty();
    }

    @Test
    void aRowMadeAnewChangesInBoth() {
        changed.renew(new int[] {10, 11});

        assertThat(changed.touched()).containsExactly(10, 11);
        assertThat(changed.described()).containsExactly(10, 11);
        assertThat(changed.firstNew()).isEqualTo(10);
    }

    @Test
    void paddingNeverChanges() {
        changed.touch(new int[] {4, 0, 0});

        assertThat(changed.touched()).containsExactly(4);
    }

    @Test
    void aRestartForgetsAllAndCountsRowsFromThere() {
        changed.renew(new int[] {10});

        changed.restart(11);

        assertThat(changed.touched()).isEmpty();
        assertThat(changed.described()).isEmpty();
        assertThat(changed.firstNew()).isEqualTo(11);
    }
}
