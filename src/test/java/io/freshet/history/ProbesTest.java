package io.freshet.history;

import static io.freshet.history.TestingInteractions.interaction;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FeedbackConfig.Kind;
import io.freshet.config.FeedbackConfig.Role;
import io.freshet.event.ItemHash;
import io.freshet.runtime.attribute.PositionAttributes;
import org.junit.jupiter.api.Test;

class ProbesTest {

    private static final long[] NOTHING_SEEN = {};
    private static final Role CHOICE = new Role(Kind.TARGET, 1);

    private final HistoryState user = new HistoryState();

    ProbesTest() {
        new Timeline(5, PositionAttributes.none()).insert(user, interaction("a", 1, 0), 1);
    }

    @Test
    void samplesEveryStrideThOffsetFromTheFirstThatIsProbed() {
        Probes probes = new Probes(TestingHistoryConfig.probing(10, 20));

        assertThat(probes.isDue(interaction("b", 2, 10), CHOICE, user, NOTHING_SEEN)).isFalse();
        assertThat(probes.isDue(interaction("b", 2, 20), CHOICE, user, NOTHING_SEEN)).isTrue();
        assertThat(probes.isDue(interaction("b", 2, 25), CHOICE, user, NOTHING_SEEN)).isFalse();
        assertThat(probes.isDue(interaction("b", 2, 30), CHOICE, user, NOTHING_SEEN)).isTrue();
    }

    @Test
    void neverProbesWithoutAStrideOrAHistory() {
        assertThat(
                        new Probes(TestingHistoryConfig.probing(0, 0))
                                .isDue(interaction("b", 2, 0), CHOICE, user, NOTHING_SEEN))
                .isFalse();
        assertThat(
                        new Probes(TestingHistoryConfig.probing(1, 0))
                                .isDue(
                                        interaction("b", 2, 0),
                                        CHOICE,
                                        new HistoryState(),
                                        NOTHING_SEEN))
                .isFalse();
    }

    @Test
    void neverProbesBeforeTheHistoryBegins() {
        Probes probes = new Probes(TestingHistoryConfig.probing(1, 0));

        assertThat(probes.isDue(interaction("b", 0, 0), CHOICE, user, NOTHING_SEEN)).isFalse();
        assertThat(probes.isDue(interaction("b", 1, 0), CHOICE, user, NOTHING_SEEN)).isTrue();
    }

    @Test
    void doesNotProbeForAnItemThatNoListMayContain() {
        long[] seen = {ItemHash.of("a")};

        assertThat(
                        new Probes(TestingHistoryConfig.consumingOnce())
                                .isDue(interaction("a", 2, 0), CHOICE, user, seen))
                .isFalse();
        assertThat(
                        new Probes(TestingHistoryConfig.consumingOnce())
                                .isDue(interaction("b", 2, 0), CHOICE, user, seen))
                .isTrue();
        assertThat(
                        new Probes(TestingHistoryConfig.probing(1, 0))
                                .isDue(interaction("a", 2, 0), CHOICE, user, NOTHING_SEEN))
                .as("items may be had again")
                .isTrue();
    }

    @Test
    void contextIsNotProbedUnlessItsTypeIsNamed() {
        Role context = new Role(Kind.CONTEXT, 0);
        Probes ofChoices = new Probes(TestingHistoryConfig.probing(1, 0));
        Probes ofViews = new Probes(TestingHistoryConfig.probing(1, 0, "view"));
        Probes ofClicks = new Probes(TestingHistoryConfig.probing(1, 0, "click"));

        assertThat(ofChoices.isDue(interaction("b", 2, 0), context, user, NOTHING_SEEN)).isFalse();
        assertThat(ofViews.isDue(interaction("b", 2, 0), context, user, NOTHING_SEEN)).isTrue();
        assertThat(ofClicks.isDue(interaction("b", 2, 0), CHOICE, user, NOTHING_SEEN)).isFalse();
    }
}
