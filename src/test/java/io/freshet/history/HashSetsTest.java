package io.freshet.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HashSetsTest {

    @Test
    void appendsAndKeepsTheLastHashesInOrderOfArrival() {
        long[] hashes = {};
        for (long hash = 9; hash > 4; hash--) {
            hashes = HashSets.append(hashes, hash, 3);
        }

        assertThat(hashes).containsExactly(7, 6, 5);
        assertThat(HashSets.contains(hashes, 7)).isTrue();
        assertThat(HashSets.contains(hashes, 8)).isFalse();
    }

    @Test
    void keepsFewerAfterTheLimitWasLowered() {
        assertThat(HashSets.append(new long[] {1, 2, 3, 4}, 5, 2)).containsExactly(4, 5);
        assertThat(HashSets.append(new long[] {1, 2}, 3, 1)).containsExactly(3);
    }

    @Test
    void keepsSortedHashesAscendingAndOnce() {
        Random random = new Random(7);
        TreeSet<Long> expected = new TreeSet<>();
        long[] hashes = {};
        for (int i = 0; i < 500; i++) {
            long hash = random.nextLong() >> random.nextInt(60);
            expected.add(hash);
            hashes = HashSets.addSorted(hashes, hash);
            assertThat(HashSets.containsSorted(hashes, hash)).isTrue();
        }

        assertThat(hashes).containsExactly(expected.toArray(Long[]::new));
        assertThat(HashSets.containsSorted(hashes, expected.first() - 1)).isFalse();
    }

    @Test
    void neverChangesItsArgument() {
        long[] hashes = {1, 3};

        HashSets.addSorted(hashes, 2);

        assertThat(hashes).containsExactly(1, 3);
        assertThat(HashSets.addSorted(hashes, 3)).isSameAs(hashes);
    }
}
