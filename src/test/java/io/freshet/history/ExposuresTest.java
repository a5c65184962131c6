package io.freshet.history;

import static io.freshet.history.TestingInteractions.interaction;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.runtime.attribute.PositionAttributes;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class ExposuresTest {

    private final ExposureState exposures = new ExposureState();
    private final HistoryState user = new HistoryState();

    @Test
    void liveInStateThatCanEvolve() {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(ExposureState.class);
    }

    @Test
    void areInOrderOfEventTimeEachOnce() {
        assertThat(Exposures.add(exposures, "b", 20, user)).isTrue();
        assertThat(Exposures.add(exposures, "a", 10, user)).isTrue();
        assertThat(Exposures.add(exposures, "a", 30, user)).isTrue();
        assertThat(Exposures.add(exposures, "b", 20, user)).as("added twice").isFalse();

        assertThat(exposures.items).containsExactly("a", "b", "a");
        assertThat(exposures.timestamps).containsExactly(10, 20, 30);
    }

    @Test
    void onlyTheLastFiftyAreKept() {
        for (int i = 0; i < 60; i++) {
            Exposures.add(exposures, "i" + i, i, user);
        }

        assertThat(exposures.items).hasSize(50).startsWith("i10").endsWith("i59");
        assertThat(exposures.timestamps).hasSize(50).startsWith(10).endsWith(59);
    }

    @Test
    void aChoiceEndsTheExposuresBeforeItAndNoOthers() {
        Exposures.add(exposures, "a", 10, user);
        Exposures.add(exposures, "b", 10, user);
        Exposures.add(exposures, "a", 30, user);

        assertThat(Exposures.choose(exposures, "a", 20)).isTrue();
        assertThat(Exposures.choose(exposures, "c", 40)).isFalse();

        assertThat(exposures.items).containsExactly("b", "a");
        assertThat(exposures.timestamps).containsExactly(10, 30);
    }

    @Test
    void anExposureThatArrivesAfterTheChoiceThatFollowedItDoesNotCount() {
        new Timeline(3, PositionAttributes.none()).insert(user, interaction("a", 20, 0), 1);

        assertThat(Exposures.add(exposures, "a", 10, user)).isFalse();
        assertThat(Exposures.add(exposures, "b", 10, user)).isTrue();
        assertThat(Exposures.add(exposures, "a", 21, user)).as("shown again").isTrue();
    }
}
