package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.checkpoint;
import static io.freshet.recommend.TestingEvents.itemIds;
import static io.freshet.recommend.TestingEvents.promoted;
import static io.freshet.recommend.TestingEvents.request;
import static io.freshet.recommend.TestingModelSource.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelUpdate;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommenderUpdate;
import io.freshet.recommend.TestingEvents;
import io.freshet.recommend.TestingModelSource;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the live model follows what is announced, through the operator. */
@Timeout(60)
class ModelFollowerTest {

    private static final int BATCH = 3;

    private final TestingModelSource source = new TestingModelSource("a", "b", "c");
    private final ModelUpdate first = source.append(version(1), 50, "d");
    private final ModelUpdate second = source.append(first.revision(), 60, "e");

    @Test
    void importsUpdatesAndTakesTheNextVersionsNameWithoutLoadingIt() throws Exception {
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            harness.request(request("before", 10, "a"));
            announce(harness, RecommenderUpdate.of(first));
            harness.request(request("updated", 60, "a"));
            harness.update(promotedWith(2, first));
            harness.request(request("renamed", 70, "a"));
            harness.finish();

            assertThat(harness.lists())
                    .extracting(
                            RecommendationList::modelVersion, RecommendationList::trainedThrough)
                    .containsExactly(tuple(1L, 10L), tuple(1L, 50L), tuple(2L, 50L));
            assertThat(itemIds(harness.lists().get(0))).doesNotContain("d");
            assertThat(itemIds(harness.lists().get(2))).contains("d");
            assertThat(source.loaded).hasSize(1);
        }
    }

    @Test
    void aVersionOfOtherUpdatesIsLoadedThoughItsParentAndCountAreTheSame() throws Exception {
        ModelUpdate other = source.append(version(1), 50, "x");
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, RecommenderUpdate.of(first));
            announce(harness, promotedWith(2, other));
            harness.request(request("1", 70, "a"));
            harness.finish();

            assertThat(harness.lists().get(0).modelVersion()).isEqualTo(2);
            assertThat(source.loaded).hasSize(2);
            assertThat(source.loaded.get(0).closed).isTrue();
        }
    }

    @Test
    void aVersionWithoutAFingerprintOfItsUpdatesIsLoaded() throws Exception {
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, RecommenderUpdate.of(first));
            announce(harness, promoted(2, 61));

            assertThat(source.loaded).hasSize(2);
        }
    }

    @Test
    void updatesWaitForWhatIsBeingLoadedAndAreThenReadTogether() throws Exception {
        source.hold(version(1));
        try (RecommenderHarness harness = opened()) {
            harness.update(promoted(1, 5));
            harness.update(RecommenderUpdate.of(first));
            harness.update(RecommenderUpdate.of(second));
            source.release(version(1));
            harness.runMail();
            harness.runMail();
            harness.request(request("1", 70, "a"));
            harness.finish();

            assertThat(harness.lists().get(0).trainedThrough()).isEqualTo(60);
            assertThat(source.loaded).hasSize(1);
            assertThat(source.read).containsExactly(first.revision(), second.revision());
        }
    }

    @Test
    void whatUpdatesMakeOfAllItemsIsComputedByTheLoadersThread() throws Exception {
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, RecommenderUpdate.of(first));

            assertThat(source.loaded.get(0).imported).isEqualTo(1);
            assertThat(source.loaded.get(0).importPreparedOn).isEqualTo("freshet-model-loader");
        }
    }

    @Test
    void missedUpdatesAreReadWithTheNextOne() throws Exception {
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, RecommenderUpdate.of(second));
            harness.request(request("1", 70, "a"));
            harness.finish();

            assertThat(harness.lists().get(0).trainedThrough()).isEqualTo(60);
            assertThat(source.read).containsExactly(first.revision(), second.revision());
            assertThat(source.loaded.get(0).imported).isEqualTo(1);
            assertThat(source.loaded).hasSize(1);
        }
    }

    @Test
    void anUpdateOfAnotherAncestryIsLoadedWholeAlsoAnEarlierOne() throws Exception {
        ModelUpdate ofAnotherVersion = source.append(version(7), 80, "x");
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, RecommenderUpdate.of(second));
            announce(harness, RecommenderUpdate.of(first));
            assertThat(source.loaded).hasSize(2);
            assertThat(source.loaded.get(1).imported).isEqualTo(1);
            announce(harness, RecommenderUpdate.of(ofAnotherVersion));
            harness.request(request("1", 90, "a"));
            harness.finish();

            assertThat(harness.lists().get(0).modelVersion()).isEqualTo(7);
            assertThat(harness.lists().get(0).trainedThrough()).isEqualTo(80);
        }
    }

    @Test
    void aVersionSupersedesAnUpdateThatIsBeingRead() throws Exception {
        source.hold(first.revision());
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            harness.update(RecommenderUpdate.of(first));
            harness.update(promoted(3, 70));
            source.release(first.revision());
            harness.runMail();
            assertThat(source.loaded.get(0).imported).isZero();
            harness.runMail();
            harness.request(request("1", 90, "a"));
            harness.finish();

            assertThat(harness.lists().get(0).modelVersion()).isEqualTo(3);
        }
    }

    @Test
    void aVersionThatTheUpdateBeingReadMakesWaitsForIt() throws Exception {
        source.hold(first.revision());
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            harness.update(RecommenderUpdate.of(first));
            harness.update(promotedWith(2, first));
            source.release(first.revision());
            harness.runMail();
            harness.request(request("1", 70, "a"));
            harness.finish();

            assertThat(harness.lists().get(0).modelVersion()).isEqualTo(2);
            assertThat(source.loaded).hasSize(1);
        }
    }

    @Test
    void aRollbackLoadsTheVersionThatWasThereAndThenTheUpdateItWentBackTo() throws Exception {
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, RecommenderUpdate.of(second));
            announce(harness, RecommenderUpdate.of(checkpoint(1, 61, Verdict.ROLLED_BACK)));
            harness.request(request("version", 70, "a"));
            announce(harness, RecommenderUpdate.of(first));
            harness.request(request("update", 70, "a"));
            harness.finish();

            assertThat(harness.lists())
                    .extracting(RecommendationList::trainedThrough)
                    .containsExactly(10L, 50L);
            assertThat(source.loaded).hasSize(2);
        }
    }

    @Test
    void anUpdateThatCanNotBeReadIsTriedAgainAndWhatIsLiveStays() throws Exception {
        source.lose(first.revision(), "checksum is x, expected y");
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, RecommenderUpdate.of(first));
            harness.request(request("before", 70, "a"));
            harness.update(RecommenderUpdate.of(second));
            source.find(first.revision());
            harness.setProcessingTime(harness.getProcessingTime() + 100);
            harness.runMail();
            harness.request(request("after", 80, "a"));
            harness.finish();

            assertThat(harness.lists())
                    .extracting(RecommendationList::trainedThrough)
                    .containsExactly(10L, 60L);
        }
    }

    @Test
    void anUpdateThatDoesNotFitIsMadeUpForByLoadingTheWholeModel() throws Exception {
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            source.loaded.get(0).refusesChanges = true;
            announce(harness, RecommenderUpdate.of(first));
            assertThat(source.loaded.get(0).closed).isTrue();
            harness.setProcessingTime(harness.getProcessingTime() + 100);
            harness.runMail();
            harness.request(request("1", 70, "a"));
            harness.finish();

            assertThat(harness.lists().get(0).trainedThrough()).isEqualTo(50);
            assertThat(source.loaded).hasSize(2);
        }
    }

    @Test
    void aRestoreLoadsTheVersionAndItsUpdatesAlone() throws Exception {
        OperatorSubtaskState state;
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, RecommenderUpdate.of(second));
            state = harness.snapshot(1, 1);
        }
        try (RecommenderHarness harness = new RecommenderHarness(source, false, BATCH)) {
            harness.initializeState(state);
            harness.open();
            harness.request(request("1", 70, "a"));
            harness.update(RecommenderUpdate.of(second));
            harness.finish();

            assertThat(source.loaded).hasSize(2);
            assertThat(source.loaded.get(1).imported).isEqualTo(2);
            assertThat(harness.lists().get(0).modelVersion()).isEqualTo(1);
            assertThat(harness.lists().get(0).trainedThrough()).isEqualTo(60);
        }
    }

    @Test
    void whileAVersionLoadsNoMoreThanTheNewestWaits() throws Exception {
        source.hold(version(1));
        try (RecommenderHarness harness = opened()) {
            harness.update(promoted(1, 5));
            source.awaitHeld(version(1));
            for (int version = 2; version <= 100; version++) {
                harness.update(promoted(version, 5 + version));
                harness.update(RecommenderUpdate.of(first));
            }
            harness.update(promoted(101, 200));
            source.release(version(1));
            harness.runMail();
            assertThat(source.loaded.get(0).closed).isTrue();
            harness.runMail();
            harness.request(request("r", 300, "a"));
            harness.finish();

            assertThat(harness.lists().get(0).modelVersion()).isEqualTo(101);
            assertThat(source.loaded).hasSize(2);
        }
    }

    @Test
    void afterAnOutageAcrossARestartTheUpdatesAnnouncedMeanwhileAreFollowed() throws Exception {
        assertThat(listAfterOutage(RecommenderUpdate.of(second)))
                .extracting(RecommendationList::modelVersion, RecommendationList::trainedThrough)
                .containsExactly(1L, 60L);
    }

    @Test
    void afterAnOutageAcrossARestartTheVersionAnnouncedMeanwhileIsLoaded() throws Exception {
        assertThat(listAfterOutage(RecommenderUpdate.of(second), promotedWith(2, second)))
                .extracting(RecommendationList::modelVersion, RecommendationList::trainedThrough)
                .containsExactly(2L, 60L);
    }

    @Test
    void aTaskThatHasNeverSeenAModelFailsWhereThereIsNoStore() throws Exception {
        source.loseStore(version(1));
        try (RecommenderHarness harness = opened()) {
            assertThatThrownBy(() -> announce(harness, promoted(1, 5)))
                    .hasStackTraceContaining("/models is not there")
                    .hasStackTraceContaining("mount the same store on every task manager");
        }
    }

    @Test
    void aStoreThatGoesAwayLaterIsWaitedFor() throws Exception {
        source.loseStore(version(2));
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, promoted(2, 6));
            source.find(version(2));
            retry(harness);
            harness.request(request("r", 80, "a"));
            harness.finish();

            assertThat(harness.lists())
                    .extracting(RecommendationList::modelVersion)
                    .containsExactly(2L);
        }
    }

    /** A list after a restart during which the store can't be reached, and nothing more is said. */
    private RecommendationList listAfterOutage(RecommenderUpdate... meanwhile) throws Exception {
        OperatorSubtaskState state;
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, RecommenderUpdate.of(first));
            state = harness.snapshot(1, 1);
        }
        source.loaded.clear();
        source.lose(version(1), "connection refused");
        source.lose(version(2), "connection refused");
        try (RecommenderHarness harness = new RecommenderHarness(source, false, BATCH)) {
            harness.initializeState(state);
            harness.open();
            harness.request(request("without", 70, "a"));
            for (RecommenderUpdate update : meanwhile) {
                harness.update(update);
                retry(harness);
            }
            source.find(version(1));
            source.find(version(2));
            retry(harness);
            harness.request(request("r", 80, "a"));
            harness.finish();

            assertThat(harness.lists().get(0).modelVersion()).isZero();
            return harness.lists().get(1);
        }
    }

    private static void retry(RecommenderHarness harness) throws Exception {
        harness.setProcessingTime(harness.getProcessingTime() + 60_000);
        harness.runMail();
    }

    @Test
    void aVersionThatScoresNaNIsRefusedOnceAndTheOneBeforeStays() throws Exception {
        source.poison(7);
        ModelUpdate ofPoisoned = source.append(version(7), 80, "x");
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(6, 5));
            announce(harness, promoted(7, 6));
            assertThat(source.loaded.get(1).closed).isTrue();
            harness.update(RecommenderUpdate.of(ofPoisoned));
            harness.setProcessingTime(harness.getProcessingTime() + 100_000);
            harness.request(request("6", 70, "a"));
            assertThat(source.loaded).as("no second attempt").hasSize(2);
            announce(harness, promoted(8, 71));
            harness.request(request("8", 80, "a"));
            harness.finish();

            assertThat(harness.lists())
                    .extracting(RecommendationList::modelVersion)
                    .containsExactly(6L, 8L);
        }
    }

    @Test
    void anUpdateThatMakesTheModelScoreNaNDropsItUntilARollback() throws Exception {
        ModelUpdate broken = source.append(version(1), 50, Float.NaN, 5, new int[] {4}, "d");
        ModelUpdate after = source.append(broken.revision(), 51, "e");
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, RecommenderUpdate.of(broken));
            harness.request(request("broken", 70, "a"));
            harness.prepareSnapshotPreBarrier(1);
            harness.update(RecommenderUpdate.of(after));
            harness.request(request("without", 71, "a"));
            harness.prepareSnapshotPreBarrier(2);
            assertThat(source.loaded).hasSize(1).allMatch(model -> model.closed);
            announce(harness, RecommenderUpdate.of(checkpoint(1, 72, Verdict.ROLLED_BACK)));
            harness.request(request("rolled back", 80, "a"));
            harness.finish();

            assertThat(harness.lists())
                    .extracting(RecommendationList::modelVersion, RecommendationList::path)
                    .containsExactly(
                            tuple(0L, RecommendationList.Path.COLD_START),
                            tuple(0L, RecommendationList.Path.COLD_START),
                            tuple(1L, RecommendationList.Path.PERSONAL));
        }
    }

    @Test
    void alignedAModelThatScoresNaNFailsTheTask() throws Exception {
        ModelUpdate broken = source.append(version(1), 50, Float.NaN, 5, new int[] {4}, "d");
        try (RecommenderHarness harness = new RecommenderHarness(source, true, 1)) {
            harness.open();
            harness.update(promoted(1, 5));
            harness.update(RecommenderUpdate.of(broken));
            harness.request(request("r", 70, "a"));
            harness.watermark1(100);
            harness.watermark2(100);
            harness.runMail();

            assertThatThrownBy(harness::runMail)
                    .hasMessageContaining("Version 1 with updates up to 1 gave a score of NaN");
        }
    }

    @Test
    void alignedAVersionThatScoresNaNFailsTheTask() throws Exception {
        source.poison(7);
        try (RecommenderHarness harness = new RecommenderHarness(source, true, 1)) {
            harness.open();
            harness.update(promoted(7, 5));
            harness.watermark1(100);
            harness.watermark2(100);

            assertThatThrownBy(harness::runMail)
                    .hasMessageContaining("Version 7 with updates up to 0 gave a score of NaN");
        }
    }

    @Test
    void alignedARequestWaitsForTheUpdateBeforeIt() throws Exception {
        source.hold(first.revision());
        try (RecommenderHarness harness = new RecommenderHarness(source, true, BATCH)) {
            harness.open();
            harness.update(promoted(1, 5));
            harness.request(request("before", 40, "a"));
            harness.update(RecommenderUpdate.of(first));
            harness.request(request("after", 55, "a"));
            harness.watermark1(100);
            harness.watermark2(100);
            harness.runMail();
            assertThat(harness.served()).containsExactly("before");
            source.release(first.revision());
            harness.runMail();
            harness.finish();

            assertThat(harness.lists())
                    .extracting(RecommendationList::trainedThrough)
                    .containsExactly(10L, 50L);
        }
    }

    @Test
    void aRowThatChangesHandsListsItsNewItemAndNotTheOldOne() throws Exception {
        ModelUpdate swapped =
                source.append(version(1), 50, 0, 5, new int[] {1, 2, 3, 4}, "b", "a", "", "new");
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            announce(harness, RecommenderUpdate.of(swapped));
            harness.request(request("of a freed item", 60, "c"));
            harness.request(request("of an item in another row", 60, "a"));
            harness.finish();

            assertThat(harness.lists())
                    .extracting(RecommendationList::path)
                    .containsExactly(
                            RecommendationList.Path.COLD_START, RecommendationList.Path.PERSONAL);
            assertThat(itemIds(harness.lists().get(1))).containsExactlyInAnyOrder("a", "b", "new");
            float score = source.loaded.get(0).score(2, 2);
            assertThat(source.loaded.get(0).lastItems).containsExactly(2);
            assertThat(score).isFinite();
        }
    }

    private static RecommenderUpdate promotedWith(long version, ModelUpdate newest) {
        return RecommenderUpdate.of(
                TestingEvents.checkpoint(
                        version,
                        newest.timestamp() + 1,
                        Verdict.PROMOTED,
                        newest.revision().updateFingerprint()));
    }

    private static void announce(RecommenderHarness harness, RecommenderUpdate update)
            throws Exception {
        harness.update(update);
        harness.runMail();
    }

    private RecommenderHarness opened() throws Exception {
        RecommenderHarness harness = new RecommenderHarness(source, false, BATCH);
        harness.open();
        return harness;
    }
}
