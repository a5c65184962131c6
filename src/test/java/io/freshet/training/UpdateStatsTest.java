package io.freshet.training;

import static io.freshet.training.TestingSequences.ANN;
import static io.freshet.training.TestingSequences.CAT;
import static io.freshet.training.TestingSequences.EVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.TrainingSequence;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpdateStatsTest {

    @Test
    void saysWhichEventIsTheNewestThatWasTrainedAndReadsItBack() {
        UpdateStats window = UpdateStats.untrained(3, 0, 20, 7, 2);
        UpdateStats trained = window.trained(List.of(CAT, ANN), 7, 12, 0.5f);

        assertThat(window.newestEvent()).isZero();
        assertThat(trained.newestEvent()).isEqualTo(19);
        assertThat(UpdateStats.of(3, 0, 20, trained.metrics())).isEqualTo(trained);
    }

    @Test
    void whatIsOnlyContextWasNotTrained() {
        TrainingSequence context =
                TestingSequences.unweighted(
                        "u",
                        EVE.paneEnd(),
                        EVE.items(),
                        EVE.ratings(),
                        EVE.timestamps(),
                        new int[] {0},
                        new int[] {0},
                        new long[] {1});

        assertThat(
                        UpdateStats.untrained(1, 0, 40, 1, 1)
                                .trained(List.of(context), 1, 1, 0)
                                .newestEvent())
                .isEqualTo(EVE.timestamps()[0]);
    }

    @Test
    void anUpdateOfAnEarlierReleaseDoesNotSay() {
        assertThat(UpdateStats.of(1, 0, 40, Map.of()).newestEvent()).isZero();
    }
}
