package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.HALF_LIVES;
import static io.freshet.recommend.TestingEvents.LIMITS;
import static io.freshet.recommend.TestingEvents.checkpoint;

import io.freshet.config.RecommendConfig;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.recommend.TestingModel;
import io.freshet.recommend.TestingRecommendConfig;
import io.freshet.recommend.model.Target;
import java.util.ArrayList;
import java.util.List;

/** A recommender that makes lists of three items, for tests that ask it, and what it answered. */
abstract class TestingRecommender {

    static final int LIST_SIZE = 3;
    static final long NOW = 123;

    final Recommender recommender;
    final List<RecommendationList> lists = new ArrayList<>();

    TestingRecommender(Recommender recommender) {
        this.recommender = recommender;
    }

    /** A recommender with options and their values besides the lists' size. */
    static Recommender recommender(String... options) {
        List<String> all = new ArrayList<>(List.of("list-size", Integer.toString(LIST_SIZE)));
        all.addAll(List.of(options));
        return recommender(TestingRecommendConfig.of(all.toArray(new String[0])));
    }

    static Recommender recommender(RecommendConfig config) {
        return new Recommender(
                HALF_LIVES, List.of("price"), LIMITS, config, () -> NOW, found -> {});
    }

    /** Makes a version live that was trained up to an event time. */
    TestingModel live(long version, long windowEnd, String... items) {
        TestingModel model = new TestingModel(version, items);
        recommender.swap(Target.of(checkpoint(version, windowEnd, Verdict.PROMOTED), null), model);
        return model;
    }

    void update(RecommenderUpdate update) {
        recommender.add(QueuedInput.of(update));
    }

    void ask(RecommendationRequest request) {
        recommender.add(QueuedInput.of(request));
    }

    void flush() {
        recommender.flush(lists::add);
    }
}
