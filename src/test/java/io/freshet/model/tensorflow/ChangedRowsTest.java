package io.freshet.model.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChangedRowsTest {

    private final ChangedRows changed = new ChangedRows();

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
        changed.rename(new int[] {11, 10, 4}, new String[] {"b", "a", ""});

        assertThat(changed.touched()).containsExactly(4, 10, 11);
        assertThat(changed.described()).containsExactly(4, 10, 11);
        assertThat(changed.renamed()).containsExactly(4, 10, 11);
        assertThat(changed.itemIds()).containsExactly("", "a", "b");
    }

    @Test
    void paddingNeverChanges() {
        changed.touch(new int[] {4, 0, 0});

        assertThat(changed.touched()).containsExactly(4);
    }

    @Test
    void aRestartForgetsAll() {
        changed.rename(new int[] {10}, new String[] {"a"});

        changed.restart();

        assertThat(changed.touched()).isEmpty();
        assertThat(changed.described()).isEmpty();
        assertThat(changed.renamed()).isEmpty();
        assertThat(changed.itemIds()).isEmpty();
    }
}
