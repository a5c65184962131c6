package io.freshet.recommend.item;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CandidatesTest {

    private final Candidates candidates = new Candidates();

    @Test
    void haveEachItemOnceAlsoWhenTheyGrow() {
        for (int item = 0; item < 5000; item++) {
            assertThat(candidates.add(item * 7)).isEqualTo(item);
        }
        for (int item = 0; item < 5000; item++) {
            assertThat(candidates.add(item * 7)).isEqualTo(item);
            assertThat(candidates.find(item * 7)).isEqualTo(item);
        }
        assertThat(candidates.size()).isEqualTo(5000);
        assertThat(candidates.find(3)).isEqualTo(-1);
    }

    @Test
    void knowNothingOfAnItemAtFirstAlsoAfterReuse() {
        int position = candidates.add(5);
        candidates.followed(1, position, 3);
        assertThat(candidates.hop(position)).isEqualTo(1);
        candidates.modelScore(position, -1);
        candidates.had(position, 100);
        candidates.had(position, 200);
        assertThat(candidates.repeats(position)).isEqualTo(2);
        assertThat(candidates.lastHad(position)).isEqualTo(200);

        candidates.clear();
        position = candidates.add(5);

        assertThat(candidates.followed(1, position)).isZero();
        assertThat(candidates.hop(position)).isEqualTo(Candidates.NO_HOP);
        assertThat(candidates.modelScore(position)).isNaN();
        assertThat(candidates.repeats(position)).isZero();
    }
}
