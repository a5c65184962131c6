package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.itemIds;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.probe;
import static io.freshet.recommend.TestingEvents.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.RecommendationList;
import org.junit.jupiter.api.Test;

/** Nothing that ranks a probe has seen its event. */
class HonestProbesTest extends TestingRecommender {

    HonestProbesTest() {
        super(recommender("candidates", "50"));
    }

    @Test
    void aProbeIsRankedWithoutItsOwnChoiceThoughThatCameSooner() {
        update(popularity("a", 0, 1));
        update(popularity("b", 20, 100));
        update(popularity("c", 21, 100));
        ask(probe("own", 20, "b", "a"));
        ask(request("list", 20, "a"));
        flush();

        assertThat(itemIds(lists.get(0))).containsExactly("a");
        assertThat(itemIds(lists.get(1))).contains("b", "c");
    }

    @Test
    void aProbeIsRankedWithoutWhatFirstOccursDuringTheFlush() {
        update(popularity("a", 0, 1));
        ask(request("first", 10, "a"));
        update(popularity("b", 20, 100));
        ask(probe("own", 20, "b", "a"));
        flush();

        assertThat(itemIds(lists.get(1))).containsExactly("a");
    }

    @Test
    void aProbeThatIsTooLateHasNoAnswerAndTeachesNothing() {
        update(popularity("b", 20, 100));
        recommender.settle(30);
        float[] before = recommender.weights().of(6).clone();
        ask(probe("late", 20, "b", "a"));
        BatchReport report = recommender.flush(lists::add);

        assertThat(lists).isEmpty();
        assertThat(report.lateProbes()).isEqualTo(1);
        assertThat(report.probes()).isZero();
        assertThat(recommender.weights().of(6)).isEqualTo(before);
    }

    @Test
    void aWaitingProbeIsNotTooLate() {
        update(popularity("b", 20, 100));
        ask(probe("waiting", 20, "b", "a"));
        recommender.settle(30);
        flush();

        assertThat(itemIds(lists.get(0))).containsExactly("a");
    }

    @Test
    void aModelThatHasLearnedSinceDoesNotAnswerAProbe() {
        live(2, 100, "a", "b");
        update(popularity("a", 0, 1));
        ask(probe("learned", 99, "a", "a"));
        ask(probe("new", 100, "a", "a"));
        ask(request("list", 99, "a"));
        BatchReport report = recommender.flush(lists::add);

        assertThat(lists).extracting(RecommendationList::requestId).containsExactly("new", "list");
        assertThat(report.learnedProbes()).isEqualTo(1);
        assertThat(report.probes()).isEqualTo(1);
    }
}
