package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.HALF_LIVES;
import static io.freshet.recommend.TestingEvents.LIMITS;
import static io.freshet.recommend.TestingEvents.checkpoint;
import static io.freshet.recommend.TestingEvents.itemIds;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.probe;
import static io.freshet.recommend.TestingEvents.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.recommend.TestingModel;
import io.freshet.recommend.TestingRecommendConfig;
import io.freshet.recommend.model.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing that ranks a probe has seen its event. */
class HonestProbesTest {

    private static final int LIST_SIZE = 3;

    private final Recommender recommender = recommender("candidates", "50");
    private final List<RecommendationList> lists = new ArrayList<>();

    @Test
    void aProbeIsRankedWithoutItsOwnChoiceThoughThatCameSooner() {
        tell(popularity("a", 0, 1));
        tell(popularity("b", 20, 100));
        tell(popularity("c", 21, 100));
        ask(probe("own", 20, "b", "a"));
        ask(request("list", 20, "a"));
        flush();

        assertThat(itemIds(lists.get(0))).containsExactly("a");
        assertThat(itemIds(lists.get(1))).contains("b", "c");
    }

    @Test
    void aProbeIsRankedWithoutWhatFirstOccursDuringTheFlush() {
        tell(popularity("a", 0, 1));
        ask(request("first", 10, "a"));
        tell(popularity("b", 20, 100));
        ask(probe("own", 20, "b", "a"));
        flush();

        assertThat(itemIds(lists.get(1))).containsExactly("a");
    }

    @Test
    void aProbeThatIsTooLateHasNoAnswerAndTeachesNothing() {
        tell(popularity("b", 20, 100));
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
        tell(popularity("b", 20, 100));
        ask(probe("waiting", 20, "b", "a"));
        recommender.settle(30);
        flush();

        assertThat(itemIds(lists.get(0))).containsExactly("a");
    }

    @Test
    void aModelThatHasLearnedSinceDoesNotAnswerAProbe() {
        live(2, 100, "a", "b");
        tell(popularity("a", 0, 1));
        ask(probe("learned", 99, "a", "a"));
        ask(probe("new", 100, "a", "a"));
        ask(request("list", 99, "a"));
        BatchReport report = recommender.flush(lists::add);

        assertThat(lists).extracting(RecommendationList::requestId).containsExactly("new", "list");
        assertThat(report.learnedProbes()).isEqualTo(1);
        assertThat(report.probes()).isEqualTo(1);
    }

    private static Recommender recommender(String... options) {
        List<String> all = new ArrayList<>(List.of("list-size", Integer.toString(LIST_SIZE)));
        all.addAll(Arrays.asList(options));
        return new Recommender(
                HALF_LIVES,
                LIMITS,
                TestingRecommendConfig.of(all.toArray(new String[0])),
                () -> 123,
                found -> {});
    }

    private void live(long version, long windowEnd, String... items) {
        recommender.swap(
                Target.of(checkpoint(version, windowEnd, Verdict.PROMOTED), null),
                new TestingModel(version, items));
    }

    private void tell(RecommenderUpdate update) {
        recommender.add(QueuedInput.of(update));
    }

    private void ask(RecommendationRequest request) {
        recommender.add(QueuedInput.of(request));
    }

    private void flush() {
        recommender.flush(lists::add);
    }
}
