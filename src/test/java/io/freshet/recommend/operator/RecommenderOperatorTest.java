package io.freshet.recommend.operator;

import static io.freshet.recommend.TestingEvents.asking;
import static io.freshet.recommend.TestingEvents.catalog;
import static io.freshet.recommend.TestingEvents.popularity;
import static io.freshet.recommend.TestingEvents.probe;
import static io.freshet.recommend.TestingEvents.promoted;
import static io.freshet.recommend.TestingEvents.request;
import static io.freshet.recommend.TestingEvents.withExposures;
import static io.freshet.recommend.TestingModelSource.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.config.RecommendConfig;
import io.freshet.event.ControlReport;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.Removal;
import io.freshet.event.query.ItemFilter;
import io.freshet.event.query.Query;
import io.freshet.event.query.Unanswered;
import io.freshet.recommend.ItemState;
import io.freshet.recommend.TestingEvents;
import io.freshet.recommend.TestingModelSource;
import io.freshet.recommend.TestingRecommendConfig;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** The operator in live mode; see {@link AlignedRecommenderTest} for the other. */
class RecommenderOperatorTest {

    private static final int BATCH = 3;

    private final TestingModelSource source = new TestingModelSource("a", "b", "c");

    @Test
    void answersWhenABatchIsFull() throws Exception {
        try (RecommenderHarness harness = opened()) {
            harness.request(request("1", 10));
            harness.request(request("2", 11));
            assertThat(harness.served()).isEmpty();

            harness.request(request("3", 12));

            assertThat(harness.served()).containsExactly("1", "2", "3");
        }
    }

    @Test
    void answersWhenTheOldestHasWaitedForTheDelay() throws Exception {
        try (RecommenderHarness harness = opened()) {
            harness.setProcessingTime(1000);
            harness.request(request("1", 10));
            harness.setProcessingTime(1000 + RecommenderHarness.DELAY.toMillis() - 1);
            assertThat(harness.served()).isEmpty();

            harness.setProcessingTime(1000 + RecommenderHarness.DELAY.toMillis());

            assertThat(harness.served()).containsExactly("1");
            assertThat(harness.lists().get(0).servedAt()).isEqualTo(1020);
            assertThat(harness.getProcessingTimeService().getNumActiveTimers()).isZero();
        }
    }

    @Test
    void aForgottenUserDoesNotWait() throws Exception {
        try (RecommenderHarness harness = opened()) {
            harness.request(request("1", 10));
            harness.request(RecommendationRequest.forget("2", "u", 11));

            assertThat(harness.served()).containsExactly("1", "2");
        }
    }

    @Test
    void nothingOlderIsServedBehindATombstone() throws Exception {
        try (RecommenderHarness harness = opened()) {
            harness.setProcessingTime(1000);
            harness.request(RecommendationRequest.forget("c-1", "user of late", 11));
            assertThat(harness.reports())
                    .containsExactly(
                            ControlReport.removal(
                                    "c-1",
                                    ControlReport.Stage.RECOMMENDER,
                                    "",
                                    1000,
                                    List.of(new Removal(Removal.Place.RECOMMENDATIONS, 1, 1000))));

            harness.request(request("late", 11));
            harness.request(request("of another user", 11));
            harness.prepareSnapshotPreBarrier(1);
            assertThat(harness.served()).containsExactly("c-1", "of another user");

            harness.request(RecommendationRequest.forget("c-2", "user of new", 11));
            harness.request(request("new", 12));
            harness.request(request("late", 11));
            harness.prepareSnapshotPreBarrier(2);
            assertThat(harness.served())
                    .as("nothing older can come behind a barrier")
                    .containsExactly("c-1", "of another user", "c-2", "new", "late");
        }
    }

    @Test
    void aQueryThatIsNotToBeAnsweredIsAnsweredWithTheReasonAtOnce() throws Exception {
        try (RecommenderHarness harness = opened()) {
            harness.setProcessingTime(100_000);
            harness.request(asking(request("1", 10), query("old", "u", 0, 39_999)));
            harness.request(asking(request("1", 10), query("nobody waits", "u", 500, 99_499)));
            harness.request(RecommendationRequest.forget("c-1", "v", 11));
            harness.request(asking(request("2", 11), query("late", "v", 0, 99_000)));

            assertThat(harness.lists())
                    .filteredOn(RecommendationList::isAnswer)
                    .extracting(RecommendationList::requestId, RecommendationList::unanswered)
                    .containsExactly(
                            tuple("old", Unanswered.EXPIRED),
                            tuple("nobody waits", Unanswered.EXPIRED),
                            tuple("late", Unanswered.FORGOTTEN));
            harness.request(asking(request("3", 12), query("in time", "u", 0, 40_000)));
            harness.prepareSnapshotPreBarrier(1);
            assertThat(harness.served()).contains("in time");
        }
    }

    private static Query query(String id, String user, long timeout, long arrivedAt) {
        return new Query(
                id,
                Query.Kind.PERSONAL,
                user,
                List.of(),
                0,
                ItemFilter.none(),
                false,
                timeout,
                0,
                1,
                arrivedAt);
    }

    @Test
    void probesGoToTheSideOutput() throws Exception {
        try (RecommenderHarness harness = opened()) {
            harness.update(popularity("a", 0, 1));
            harness.request(probe("1", 10, "a", "a"));
            harness.request(request("2", 10, "a"));
            harness.finish();

            assertThat(harness.served()).containsExactly("2");
            assertThat(harness.probes())
                    .extracting(RecommendationList::requestId)
                    .containsExactly("1");
        }
    }

    @Test
    void aProbeIsAnsweredAsOfBeforeItsEventUntilTheRequestsWatermarkHasPassed() throws Exception {
        try (RecommenderHarness harness = opened()) {
            harness.update(popularity("a", 0, 1));
            harness.update(popularity("b", 10, 100));
            harness.watermark1(9);
            harness.request(probe("in time", 10, "b", "a"));
            harness.watermark2(50);
            harness.request(probe("as well", 10, "b", "a"));
            harness.prepareSnapshotPreBarrier(1);
            harness.watermark1(10);
            harness.request(probe("late", 10, "b", "a"));
            harness.finish();

            assertThat(harness.probes())
                    .extracting(RecommendationList::requestId, TestingEvents::itemIds)
                    .containsExactly(
                            tuple("in time", List.of("a")), tuple("as well", List.of("a")));
        }
    }

    @Test
    void swapsVersionsWithoutLosingOrRepeatingARequest() throws Exception {
        source.hold(version(2));
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            harness.request(request("1", 10, "a"));
            harness.update(promoted(2, 11));
            harness.request(request("2", 12, "a"));
            harness.request(request("3", 13, "a"));
            harness.request(request("4", 14, "a"));
            source.release(version(2));
            harness.runMail();
            harness.request(request("5", 15, "a"));
            harness.finish();

            assertThat(harness.served()).containsExactly("1", "2", "3", "4", "5");
            assertThat(harness.lists())
                    .extracting(RecommendationList::modelVersion)
                    .containsExactly(1L, 1L, 1L, 1L, 2L);
            assertThat(source.loaded.get(0).closed).isTrue();
            assertThat(source.loaded.get(1).closed).isFalse();
        }
        assertThat(source.loaded).allMatch(model -> model.closed);
    }

    @Test
    void aNewerAnnouncementSupersedesALoadInProgress() throws Exception {
        source.hold(version(1));
        try (RecommenderHarness harness = opened()) {
            harness.update(promoted(1, 5));
            source.awaitHeld(version(1));
            harness.update(promoted(2, 6));
            source.release(version(1));
            harness.runMail();
            harness.runMail();
            harness.request(request("1", 10, "a"));
            harness.finish();

            assertThat(harness.lists().get(0).modelVersion()).isEqualTo(2);
            assertThat(source.loaded.get(0).closed).isTrue();
        }
        assertThat(source.loaded).hasSize(2).allMatch(model -> model.closed);
    }

    @Test
    void aVersionThatIsLiveAlreadyIsNotLoaded() throws Exception {
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            harness.update(promoted(1, 5));
        }
        assertThat(source.loaded).hasSize(1);
    }

    @Test
    void aVersionThatCanNotBeLoadedIsRefusedAndWhatIsLiveStays() throws Exception {
        source.lose(version(7), "checksum of saved_model.pb is x, expected y");
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(6, 3));
            harness.update(promoted(7, 5));
            harness.runMail();
            harness.request(request("1", 70, "a"));
            harness.setProcessingTime(harness.getProcessingTime() + 100);
            harness.runMail();
            source.find(version(7));
            harness.setProcessingTime(harness.getProcessingTime() + 199);
            harness.request(request("2", 80, "a"));
            harness.setProcessingTime(harness.getProcessingTime() + 1);
            harness.runMail();
            harness.request(request("3", 90, "a"));
            harness.finish();

            assertThat(harness.lists())
                    .extracting(RecommendationList::modelVersion)
                    .containsExactly(6L, 6L, 7L);
        }
    }

    @Test
    void aVersionThatCanNotBeLoadedIsForgottenWhenANewerOneIsAnnounced() throws Exception {
        source.lose(version(7), "nothing");
        try (RecommenderHarness harness = opened()) {
            harness.update(promoted(7, 5));
            harness.runMail();
            announce(harness, promoted(8, 6));
            source.find(version(7));
            harness.setProcessingTime(harness.getProcessingTime() + 1_000);
            harness.request(request("1", 70, "a"));
            harness.finish();

            assertThat(harness.lists().get(0).modelVersion()).isEqualTo(8);
            assertThat(source.loaded).hasSize(1);
        }
    }

    @Test
    void afterARestoreListsComeFromTheSmallModelUntilTheVersionCanBeLoaded() throws Exception {
        OperatorSubtaskState state;
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(7, 5));
            state = harness.snapshot(1, 1);
        }
        source.lose(version(7), "connection refused");
        try (RecommenderHarness harness = new RecommenderHarness(source, false, BATCH)) {
            harness.initializeState(state);
            harness.open();
            harness.request(request("1", 70, "a"));
            source.find(version(7));
            harness.setProcessingTime(harness.getProcessingTime() + 100);
            harness.runMail();
            harness.request(request("2", 80, "a"));
            harness.finish();

            assertThat(harness.lists())
                    .extracting(RecommendationList::modelVersion)
                    .containsExactly(0L, 7L);
        }
    }

    @Test
    void alignedWithVersionsOneThatCanNotBeLoadedFailsTheTaskWithWhatWasFound() throws Exception {
        source.lose(version(7), "checksum of saved_model.pb is x, expected y");
        try (RecommenderHarness harness = new RecommenderHarness(source, true, BATCH)) {
            harness.open();
            harness.watermark1(10);
            harness.update(promoted(7, 5));
            harness.watermark2(10);

            assertThatThrownBy(harness::runMail)
                    .hasMessageContaining("Version 7 can't be loaded")
                    .hasMessageContaining("checksum of saved_model.pb is x");
        }
    }

    @Test
    void aModelThatIsStillLoadingWhenTheTaskEndsIsFreed() throws Exception {
        source.hold(version(1));
        RecommenderHarness harness = opened();
        harness.update(promoted(1, 5));
        Thread release = new Thread(() -> source.release(version(1)));
        release.start();

        harness.close();
        release.join();

        assertThat(source.loaded).allMatch(model -> model.closed);
    }

    @Test
    void answersWhatWaitsBeforeABarrier() throws Exception {
        try (RecommenderHarness harness = opened()) {
            harness.request(request("1", 10));
            harness.prepareSnapshotPreBarrier(1);

            assertThat(harness.served()).containsExactly("1");
        }
    }

    @Test
    void eventTimeDoesNotPassARequestThatWaits() throws Exception {
        try (RecommenderHarness harness = opened()) {
            harness.request(request("1", 10));
            harness.watermark1(50);
            harness.watermark2(40);
            assertThat(harness.watermarks()).containsExactly(9L);

            harness.finish();

            assertThat(harness.watermarks()).containsExactly(9L, 40L);
        }
    }

    @Test
    void restoresStatisticsVersionAndWhatWaits() throws Exception {
        OperatorSubtaskState snapshot;
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            harness.update(popularity("x", 0, 9_000));
            harness.request(request("1", 10, "a"));
            harness.update(popularity("y", 10, 9_000));
            snapshot = harness.snapshot(1, 1);
        }
        try (RecommenderHarness harness = new RecommenderHarness(source, false, BATCH)) {
            harness.initializeState(snapshot);
            harness.open();
            harness.request(probe("2", 11, "x", "a"));
            harness.finish();

            assertThat(harness.served()).containsExactly("1");
            assertThat(harness.lists().get(0).modelVersion()).isEqualTo(1);
            assertThat(TestingEvents.itemIds(harness.probes().get(0))).contains("x", "y");
        }
    }

    @Test
    void restoresAtAnotherParallelism() throws Exception {
        OperatorSubtaskState left;
        OperatorSubtaskState right;
        try (RecommenderHarness first = opened(2, 0);
                RecommenderHarness second = opened(2, 1)) {
            for (RecommenderHarness harness : List.of(first, second)) {
                announce(harness, promoted(3, 5));
                harness.update(popularity("x", 0, 9));
            }
            first.request(request("1", 10, "a"));
            second.request(request("2", 10, "a"));
            second.request(request("3", 11, "a"));
            left = first.snapshot(1, 1);
            right = second.snapshot(1, 1);
        }
        OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(left, right);
        int answered = 0;
        for (int index = 0; index < 3; index++) {
            OperatorSubtaskState part =
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(all, 8, 2, 3, index);
            try (RecommenderHarness harness = new RecommenderHarness(source, false, 10, 3, index)) {
                harness.initializeState(part);
                harness.open();
                harness.request(request("own", 20, "a"));
                harness.finish();
                assertThat(harness.lists())
                        .allMatch(list -> list.modelVersion() == 3)
                        .allMatch(list -> TestingEvents.itemIds(list).contains("x"));
                answered += harness.lists().size() - 1;
            }
        }
        assertThat(answered).isEqualTo(3);
    }

    @Test
    void eachInstanceStoresAShareOfTheItemsAndAllRestoreThemAll() throws Exception {
        int items = 200;
        OperatorSubtaskState[] snapshots = new OperatorSubtaskState[2];
        for (int index = 0; index < 2; index++) {
            try (RecommenderHarness harness = opened(2, index)) {
                for (int item = 0; item < items; item++) {
                    harness.update(popularity("item-" + item, 0, 1));
                }
                snapshots[index] = harness.snapshot(1, 1);
            }
        }
        for (OperatorSubtaskState snapshot : snapshots) {
            assertThat(itemsIn(snapshot)).isBetween(items / 3, items - items / 3);
        }

        OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(snapshots);
        assertThat(itemsIn(all)).isEqualTo(items);
        OperatorSubtaskState part =
                AbstractStreamOperatorTestHarness.repartitionOperatorState(all, 8, 2, 3, 2);
        try (RecommenderHarness harness = new RecommenderHarness(source, false, BATCH, 3, 2)) {
            harness.initializeState(part);
            harness.open();
            assertThat(itemsIn(harness.snapshot(2, 2))).isBetween(items / 6, items / 2);
            harness.request(request("r", 10));
            harness.finish();
            assertThat(harness.lists().get(0).items()).isNotEmpty();
        }
    }

    /** Items in an operator's state. */
    private static int itemsIn(OperatorSubtaskState state) throws IOException {
        TypeSerializer<ItemState[]> serializer =
                TypeInformation.of(ItemState[].class).createSerializer(new SerializerConfigImpl());
        int items = 0;
        for (OperatorStateHandle handle : state.getManagedOperatorState()) {
            var chunks = handle.getStateNameToPartitionOffsets().get("items-chunks");
            try (FSDataInputStream stream = handle.openInputStream()) {
                for (long offset : chunks == null ? new long[0] : chunks.getOffsets()) {
                    stream.seek(offset);
                    items += serializer.deserialize(new DataInputViewStreamWrapper(stream)).length;
                }
            }
        }
        return items;
    }

    @Test
    void anItemIsGoneFromListsAfterItsCatalogRecordAndComesBack() throws Exception {
        try (RecommenderHarness harness = opened()) {
            announce(harness, promoted(1, 5));
            harness.request(request("before", 10, "a"));
            harness.update(catalog("b", 11, false));
            harness.request(request("gone", 12, "a"));
            harness.update(catalog("b", 13, true));
            harness.request(request("back", 14, "a"));
            harness.finish();

            assertThat(harness.lists())
                    .extracting(list -> TestingEvents.itemIds(list).contains("b"))
                    .containsExactly(true, false, true);
        }
    }

    @Test
    void capsDiversifiesDemotesAndExplainsAsConfiguredAlsoAfterARestore() throws Exception {
        RecommendConfig config =
                TestingRecommendConfig.of(
                        "list-size",
                        "4",
                        "batch-size",
                        "1",
                        "explain",
                        "true",
                        "category-cap",
                        "2",
                        "diversity",
                        "0.5",
                        "exposure-penalty",
                        "9");
        OperatorSubtaskState snapshot;
        try (RecommenderHarness harness = new RecommenderHarness(source, config, false, 1, 0)) {
            harness.open();
            String[] items = {"mug", "cup", "bowl", "lamp", "shown", "plain"};
            for (int i = 0; i < items.length; i++) {
                harness.update(popularity(items[i], 0, 100 - i));
            }
            harness.update(catalog("mug", 0, true, "kitchen", 1, 0));
            harness.update(catalog("cup", 0, true, "kitchen", 1, 0.1f));
            harness.update(catalog("bowl", 0, true, "kitchen", 0.7f, 0.7f));
            harness.update(catalog("lamp", 0, true, "light", 0, 1));
            snapshot = harness.snapshot(1, 1);
        }
        try (RecommenderHarness harness = new RecommenderHarness(source, config, false, 1, 0)) {
            harness.initializeState(snapshot);
            harness.open();
            harness.request(withExposures(request("r", 10), 9, "shown"));

            RecommendationList list = harness.lists().get(0);
            assertThat(TestingEvents.itemIds(list)).containsExactly("mug", "lamp", "plain", "bowl");
            assertThat(list.items())
                    .allSatisfy(
                            item ->
                                    assertThat(item.contributions())
                                            .containsOnlyKeys(
                                                    EnumSet.complementOf(
                                                            EnumSet.of(
                                                                    RecommendedItem.Source
                                                                            .EXPLORATION))));
        }
    }

    private static void announce(RecommenderHarness harness, RecommenderUpdate update)
            throws Exception {
        harness.update(update);
        harness.runMail();
    }

    private RecommenderHarness opened() throws Exception {
        return opened(1, 0);
    }

    private RecommenderHarness opened(int parallelism, int index) throws Exception {
        RecommenderHarness harness =
                new RecommenderHarness(source, false, BATCH, parallelism, index);
        harness.open();
        return harness;
    }
}
