package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.probe;
import static io.freshet.recommend.TestingEvents.promoted;
import static io.freshet.recommend.TestingEvents.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.FollowerCounts;
import io.freshet.event.ModelRevision;
import io.freshet.event.ModelUpdate;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.recommend.TestingModelSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlignedRecommenderTest {

    private static final int BATCH = 4;
    private static final long END = Long.MAX_VALUE;

    private final TestingModelSource source = new TestingModelSource("i1", "i2", "i3", "i4");

    @Test
    void aRequestWaitsForTheVersionThatEndedBeforeIt() throws Exception {
        try (RecommenderHarness harness = opened()) {
            harness.request(request("before", 90, "i1"));
            harness.request(request("after", 100, "i1"));
            harness.watermark1(200);
            harness.watermark2(99);
            assertThat(harness.served()).isEmpty();
            harness.update(promoted(1, 100));
            harness.watermark2(200);
            harness.finish();

            assertThat(harness.served()).containsExactly("before", "after");
            assertThat(harness.lists())
                    .extracting(RecommendationList::modelVersion)
                    .containsExactly(0L, 1L);
        }
    }

    @Test
    void nothingIsReleasedWhileAVersionLoads() throws Exception {
        source.hold(TestingModelSource.version(1));
        try (RecommenderHarness harness = opened()) {
            harness.update(promoted(1, 5));
            for (int i = 0; i < BATCH; i++) {
                harness.request(request("r" + i, 10 + i, "i1"));
            }
            harness.watermark1(100);
            harness.watermark2(100);
            assertThat(harness.served()).isEmpty();
            assertThat(harness.watermarks()).containsExactly(9L);

            source.release(TestingModelSource.version(1));
            harness.runMail();

            assertThat(harness.served()).hasSize(BATCH);
            assertThat(harness.watermarks()).endsWith(100L);
        }
    }

    @Test
    void processingTimeAndBarriersDoNotCutBatches() throws Exception {
        try (RecommenderHarness harness = opened()) {
            harness.request(request("r", 10));
            harness.watermark1(100);
            harness.watermark2(100);
            harness.setProcessingTime(1_000_000);
            harness.prepareSnapshotPreBarrier(1);

            assertThat(harness.served()).isEmpty();
            assertThat(harness.getProcessingTimeService().getNumActiveTimers()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void listsDoNotDependOnHowTheInputsInterleave(long seed) throws Exception {
        List<RecommendationRequest> requests = requests(200);
        List<RecommenderUpdate> updates = updates(300);

        List<RecommendationList> one = replay(requests, updates, new Random(0), -1);
        List<RecommendationList> other = replay(requests, updates, new Random(seed), -1);

        assertThat(other).isEqualTo(one).hasSize(200);
        assertThat(one).extracting(RecommendationList::modelVersion).contains(0L, 1L, 4L);
        assertThat(one)
                .as("updates between versions")
                .extracting(list -> list.trainedThrough() % 10)
                .contains(7L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void listsDoNotDependOnARestoreInBetween(long seed) throws Exception {
        List<RecommendationRequest> requests = requests(200);
        List<RecommenderUpdate> updates = updates(300);

        List<RecommendationList> one = replay(requests, updates, new Random(0), -1);
        int cut = 50 + new Random(seed).nextInt(400);
        List<RecommendationList> other = replay(requests, updates, new Random(seed), cut);

        assertThat(other).isEqualTo(one);
    }

    /** Feeds both inputs at random paces; after {@code cut} elements the job is restored. */
    private List<RecommendationList> replay(
            List<RecommendationRequest> requests,
            List<RecommenderUpdate> updates,
            Random random,
            int cut)
            throws Exception {
        List<RecommendationList> lists = new ArrayList<>();
        RecommenderHarness harness = opened();
        int r = 0;
        int u = 0;
        while (r < requests.size() || u < updates.size()) {
            if (r + u == cut) {
                OperatorSubtaskState snapshot = harness.snapshot(1, 1);
                lists.addAll(harness.probes());
                harness.close();
                harness = new RecommenderHarness(source, true, BATCH);
                harness.initializeState(snapshot);
                harness.open();
            }
            boolean left = u == updates.size() || (r < requests.size() && random.nextBoolean());
            if (left) {
                harness.request(requests.get(r++));
                harness.watermark1(r == requests.size() ? END : requests.get(r).timestamp() - 1);
            } else {
                harness.update(updates.get(u++));
                harness.watermark2(
                        u == updates.size() ? END : QueuedInput.of(updates.get(u)).timestamp() - 1);
            }
        }
        harness.finish();
        lists.addAll(harness.probes());
        harness.close();
        return lists;
    }

    private static List<RecommendationRequest> requests(int count) {
        Random random = new Random(11);
        List<RecommendationRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String last = "i" + random.nextInt(10);
            requests.add(
                    probe("r" + i, 30L * i, "i" + random.nextInt(10), last)
                            .withFollowers(
                                    new FollowerCounts(
                                            new String[] {"i" + random.nextInt(10)},
                                            new float[] {1 + random.nextInt(9)},
                                            20)));
        }
        return requests;
    }

    private List<RecommenderUpdate> updates(int count) {
        Random random = new Random(12);
        ModelRevision live = ModelRevision.NONE;
        List<RecommenderUpdate> updates = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (i % 60 == 59) {
                updates.add(promoted(1 + i / 60, 20L * i));
                live = TestingModelSource.version(1 + i / 60);
            } else if (i % 10 == 9 && live.version() > 0) {
                ModelUpdate update = source.append(live, 20L * i + 7, "n" + i);
                updates.add(RecommenderUpdate.of(update));
                live = update.revision();
            } else {
                updates.add(popularity("i" + random.nextInt(10), 20L * i, 1 + random.nextInt(9)));
            }
        }
        return updates;
    }

    private RecommenderHarness opened() throws Exception {
        RecommenderHarness harness = new RecommenderHarness(source, true, BATCH);
        harness.open();
        return harness;
    }
}
