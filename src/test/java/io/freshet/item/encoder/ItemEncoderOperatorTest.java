package io.freshet.item.encoder;

import static io.freshet.item.encoder.TestingItemEncoding.BATCH_SIZE;
import static io.freshet.item.encoder.TestingItemEncoding.TTL;
import static io.freshet.item.encoder.TestingItemEncoding.WITHDRAWN_TTL;
import static io.freshet.item.encoder.TestingItemEncoding.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.event.Attribute;
import io.freshet.event.CatalogItem;
import io.freshet.event.EncodedItem;
import io.freshet.model.ContentLayout;
import io.freshet.runtime.attribute.ItemAttributes;
import io.freshet.testing.LogRecorder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Items through the encoder: what is encoded, in which order it leaves, and that nothing waits. */
@Timeout(60)
class ItemEncoderOperatorTest {

    private final TestingTextEncoder encoder = TestingTextEncoder.eager();

    @Test
    void anItemLeavesWithItsFieldsAndTheVectorOfItsText() throws Exception {
        try (TestingItemEncoding encoding = TestingItemEncoding.with(encoder)) {
            encoding.process(
                    new CatalogItem(
                            "i", "Mug", "Holds tea.", List.of("Kitchen"), false, 7, Map.of()));
            encoding.finish();

            EncodedItem item = encoding.items().get(0);
            assertThat(item.itemId()).isEqualTo("i");
            assertThat(item.available()).isFalse();
            assertThat(item.timestamp()).isEqualTo(7);
            assertThat(item.categories()).containsExactly("Kitchen");
            assertThat(item.vector())
                    .containsExactly(TestingTextEncoder.vectorOf("Mug. Kitchen. Holds tea."));
            assertThat(encoding.trace()).containsExactly("i@7");
        }
        assertThat(encoder.closed()).isTrue();
    }

    @Test
    void aTextIsEncodedOncePerChangeOfContent() throws Exception {
        try (TestingItemEncoding encoding = TestingItemEncoding.with(encoder)) {
            encoding.process(item("i", "Mug", true, 1));
            encoding.finish();
            encoding.process(item("i", "Mug", false, 2));
            encoding.finish();
            encoding.process(item("i", "Cup", false, 3));
            encoding.finish();
            encoding.process(item("i", "Mug", true, 4));
            encoding.finish();

            assertThat(encoder.texts()).containsExactly("Mug", "Cup", "Mug");
            assertThat(encoding.items())
                    .extracting(EncodedItem::available)
                    .containsExactly(true, false, false, true);
            assertThat(encoding.items())
                    .extracting(EncodedItem::vector)
                    .containsExactly(
                            TestingTextEncoder.vectorOf("Mug"),
                            TestingTextEncoder.vectorOf("Mug"),
                            TestingTextEncoder.vectorOf("Cup"),
                            TestingTextEncoder.vectorOf("Mug"));
        }
    }

    @Test
    void aVectorExpiresAndIsMadeAgainForTheNextRecord() throws Exception {
        try (TestingItemEncoding encoding = TestingItemEncoding.with(encoder)) {
            encoding.process(item("i", "Mug", true, 1));
            encoding.finish();
            encoding.timeToLiveClock(TTL.minusMillis(1));
            encoding.process(item("i", "Mug", true, 2));
            encoding.finish();
            assertThat(encoder.texts()).containsExactly("Mug");

            encoding.timeToLiveClock(TTL.plusMillis(1));
            encoding.process(item("i", "Mug", true, 3));
            encoding.finish();

            assertThat(encoder.texts()).containsExactly("Mug", "Mug");
            assertThat(encoding.items())
                    .extracting(EncodedItem::vector)
                    .containsOnly(TestingTextEncoder.vectorOf("Mug"))
                    .hasSize(3);
        }
    }

    @Test
    void theVectorOfAWithdrawnItemExpiresSooner() throws Exception {
        try (TestingItemEncoding encoding = TestingItemEncoding.with(encoder)) {
            encoding.process(item("i", "Mug", true, 1));
            encoding.process(item("i", "Mug", false, 2));
            encoding.finish();
            assertThat(encoding.keysOf("encoded-content")).isEmpty();
            encoding.timeToLiveClock(WITHDRAWN_TTL.minusMillis(1));
            encoding.process(item("i", "Mug", false, 3));
            encoding.process(item("i", "Mug", true, 4));
            encoding.process(item("i", "Mug", false, 5));
            encoding.finish();
            assertThat(encoder.texts()).containsExactly("Mug");
            assertThat(encoding.keysOf("withdrawn-content")).containsExactly("i");

            encoding.timeToLiveClock(WITHDRAWN_TTL.multipliedBy(2));
            encoding.process(item("i", "Mug", true, 6));
            encoding.finish();

            assertThat(encoder.texts()).containsExactly("Mug", "Mug");
        }
    }

    @Test
    void recordsOfAQueuedItemAreDistinguishedByTheirText() throws Exception {
        TestingTextEncoder waiting = TestingTextEncoder.waiting();
        try (TestingItemEncoding encoding = TestingItemEncoding.with(waiting)) {
            encoding.process(item("i", "Mug", true, 1));
            encoding.process(item("i", "Mug", false, 2));
            encoding.process(item("i", "Cup", false, 3));
            encoding.process(item("i", "", false, 4));
            encoding.process(item("i", "Cup", true, 5));
            waiting.allow(2);
            encoding.finish();

            assertThat(waiting.texts()).containsExactly("Mug", "Cup", "Cup");
            assertThat(encoding.trace()).containsExactly("i@1", "i@2", "i@3", "i@4", "i@5");
            assertThat(encoding.items().get(1).vector())
                    .containsExactly(TestingTextEncoder.vectorOf("Mug"));
            assertThat(encoding.items().get(3).vector()).isEmpty();
            assertThat(encoding.items().get(4).vector())
                    .containsExactly(TestingTextEncoder.vectorOf("Cup"));
        }
    }

    @Test
    void whatCameWhileTheEncoderWasBusyIsEncodedInBatches() throws Exception {
        TestingTextEncoder waiting = TestingTextEncoder.waiting();
        try (TestingItemEncoding encoding = TestingItemEncoding.with(waiting)) {
            for (int i = 0; i < 10; i++) {
                encoding.process("i" + i, "Title " + i, i);
            }
            waiting.allow(4);
            encoding.finish();

            assertThat(waiting.batches())
                    .extracting(List::size)
                    .containsExactly(1, BATCH_SIZE, BATCH_SIZE, 1);
            assertThat(encoding.items())
                    .extracting(EncodedItem::itemId)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 10).mapToObj(i -> "i" + i).toList());
        }
    }

    @Test
    void aWatermarkNeverOvertakesAnItem() throws Exception {
        TestingTextEncoder waiting = TestingTextEncoder.waiting();
        try (TestingItemEncoding encoding = TestingItemEncoding.with(waiting)) {
            encoding.watermark(1);
            encoding.process("a", "A", 2);
            encoding.watermark(2);
            encoding.process("b", "B", 3);
            encoding.process("c", "C", 3);
            encoding.watermark(3);
            waiting.awaitBatch();
            assertThat(encoding.trace()).containsExactly("~1");

            waiting.allow(1);
            encoding.awaitOutput(3);
            waiting.awaitBatch();
            assertThat(encoding.trace()).containsExactly("~1", "a@2", "~2");

            waiting.allow(1);
            encoding.awaitOutput(6);
            assertThat(encoding.trace()).containsExactly("~1", "a@2", "~2", "b@3", "c@3", "~3");
        }
    }

    @Test
    void anIdleInputIsIdleAfterItsLastItem() throws Exception {
        TestingTextEncoder waiting = TestingTextEncoder.waiting();
        try (TestingItemEncoding encoding = TestingItemEncoding.with(waiting)) {
            encoding.process("a", "A", 2);
            encoding.status(WatermarkStatus.IDLE);
            assertThat(encoding.output()).isEmpty();

            waiting.allow(1);
            encoding.finish();
            assertThat(encoding.output()).hasSize(2).last().isEqualTo(WatermarkStatus.IDLE);
        }
    }

    @Test
    void anItemThatCantBeEncodedGoesWithoutVectorAndTheOthersOfItsBatchGetTheirs()
            throws Exception {
        TestingTextEncoder waiting = TestingTextEncoder.waiting();
        OperatorSubtaskState state;
        try (LogRecorder log = LogRecorder.open();
                TestingItemEncoding encoding = TestingItemEncoding.with(waiting)) {
            encoding.process("first", "First", 1);
            for (String id : List.of("a", "bad-one", "c", "d")) {
                encoding.process(id, id.equals("bad-one") ? TestingTextEncoder.POISON : id, 1);
            }
            waiting.allow(100);
            encoding.finish();
            state = encoding.snapshot();

            assertThat(encoding.trace())
                    .containsExactly("first@1", "a@1", "bad-one@1", "c@1", "d@1");
            assertThat(encoding.items())
                    .filteredOn(item -> item.vector().length > 0)
                    .extracting(EncodedItem::itemId)
                    .containsExactly("first", "a", "c", "d");
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("'bad-one' can't be encoded"))
                    .singleElement()
                    .asString()
                    .contains("found poison");
        }
        try (TestingItemEncoding encoding = TestingItemEncoding.restored(encoder, state)) {
            encoding.process("bad-one", TestingTextEncoder.POISON, 2);
            encoding.process("bad-one", "Better", 3);
            encoding.finish();

            assertThat(encoder.texts()).as("once is enough").containsExactly("Better");
            assertThat(encoding.items().get(0).vector()).isEmpty();
            assertThat(encoding.items().get(1).vector())
                    .containsExactly(TestingTextEncoder.vectorOf("Better"));
        }
    }

    @Test
    void anEncoderThatFailsOnAnyTextFailsTheTaskAndLosesNoVector() throws Exception {
        TestingTextEncoder broken = TestingTextEncoder.failing();
        TestingItemEncoding encoding = TestingItemEncoding.with(broken);
        encoding.process("a", "A", 1);

        assertThatThrownBy(encoding::finish)
                .hasMessageStartingWith("Encoding of the items [a] failed")
                .rootCause()
                .hasMessage("broken");
        assertThat(encoding.output()).isEmpty();
        encoding.abandon();
        assertThat(broken.closed()).isTrue();
    }

    @Test
    void aFullQueueHoldsTheInputBackUntilTheEncoderCaughtUp() throws Exception {
        try (TestingItemEncoding encoding = TestingItemEncoding.with(encoder)) {
            for (int i = 0; i < 100 * BATCH_SIZE; i++) {
                encoding.process("i" + i, "Title " + i, i);
                assertThat(i - encoding.output().size()).isLessThan(16 * BATCH_SIZE);
            }
        }
    }

    @Test
    void aDisabledEncoderEmitsItemsWithEmptyVectors() throws Exception {
        ContentLayout nothing = new ContentLayout("none", 0, new TreeMap<>());
        try (TestingItemEncoding encoding = TestingItemEncoding.restored(encoder, nothing, null)) {
            encoding.process("a", "A", 1);
            encoding.watermark(1);

            assertThat(encoding.trace()).containsExactly("a@1", "~1");
            assertThat(encoding.items().get(0).vector()).isEmpty();
            assertThat(encoder.batches()).isEmpty();
        }
    }

    @Test
    void anItemWithoutTextHasAnEmptyVector() throws Exception {
        try (TestingItemEncoding encoding = TestingItemEncoding.with(encoder)) {
            encoding.process("a", " ", 1);

            assertThat(encoding.items().get(0).vector()).isEmpty();
            assertThat(encoder.batches()).isEmpty();
        }
    }

    @Test
    void vectorsOfOtherModalitiesFollowTheTextAtUnitLength() throws Exception {
        ContentLayout layout = ContentLayout.of(encoder, Map.of("image", 2, "audio", 1));
        try (TestingItemEncoding encoding = TestingItemEncoding.restored(encoder, layout, null)) {
            encoding.process(pictured("both", "Mug", Map.of("image", new float[] {3, 4})));
            encoding.process(pictured("image", "", Map.of("image", new float[] {0, -2})));
            encoding.process(pictured("text", "Cup", Map.of("smell", new float[] {1})));
            encoding.process(pictured("nothing", "", Map.of()));
            encoding.finish();

            float[] mug = TestingTextEncoder.vectorOf("Mug");
            float[] cup = TestingTextEncoder.vectorOf("Cup");
            assertThat(encoding.items())
                    .extracting(EncodedItem::vector)
                    .containsExactly(
                            new float[] {mug[0], mug[1], mug[2], 0, 0.6f, 0.8f},
                            new float[] {0, 0, 0, 0, 0, -1},
                            new float[] {cup[0], cup[1], cup[2], 0, 0, 0},
                            new float[0]);
        }
    }

    @Test
    void aDisabledEncoderLeavesTheOtherModalities() throws Exception {
        ContentLayout layout = new ContentLayout("none", 0, new TreeMap<>(Map.of("image", 2)));
        try (TestingItemEncoding encoding = TestingItemEncoding.restored(encoder, layout, null)) {
            encoding.process(pictured("a", "Mug", Map.of("image", new float[] {3, 4})));

            assertThat(encoding.items().get(0).vector()).containsExactly(0.6f, 0.8f);
            assertThat(encoder.batches()).isEmpty();
        }
    }

    @Test
    void attributesAreOneMorePart() throws Exception {
        ContentLayout layout = ContentLayout.of(encoder, Map.of(ItemAttributes.MODALITY, 8));
        try (TestingItemEncoding encoding = TestingItemEncoding.restored(encoder, layout, null)) {
            encoding.process(branded("a", "acme"));
            encoding.finish();
            encoding.process(branded("a", "other"));
            encoding.process(branded("b", "acme"));
            encoding.finish();

            List<float[]> vectors = encoding.items().stream().map(EncodedItem::vector).toList();
            assertThat(vectors.get(0)).hasSize(3 + 8).isEqualTo(vectors.get(2));
            assertThat(vectors.get(1)).isNotEqualTo(vectors.get(0));
            assertThat(encoder.texts()).as("once for each item").containsExactly("Mug", "Mug");
        }
    }

    @Test
    void aChangedImageLeavesTheTextsVectorAsItWas() throws Exception {
        ContentLayout layout = ContentLayout.of(encoder, Map.of("image", 2));
        try (TestingItemEncoding encoding = TestingItemEncoding.restored(encoder, layout, null)) {
            encoding.process(pictured("a", "Mug", Map.of("image", new float[] {1, 0})));
            encoding.finish();
            encoding.process(pictured("a", "Mug", Map.of("image", new float[] {0, 1})));
            encoding.finish();

            float[] mug = TestingTextEncoder.vectorOf("Mug");
            assertThat(encoding.items().get(1).vector())
                    .containsExactly(mug[0], mug[1], mug[2], 0, 1);
            assertThat(encoder.texts()).containsExactly("Mug");
        }
    }

    @Test
    void theOtherModalitiesOfAQueuedItemSurviveARestore() throws Exception {
        TestingTextEncoder waiting = TestingTextEncoder.waiting();
        ContentLayout layout = ContentLayout.of(waiting, Map.of("image", 2));
        OperatorSubtaskState state;
        try (TestingItemEncoding encoding = TestingItemEncoding.restored(waiting, layout, null)) {
            encoding.process(pictured("a", "Mug", Map.of("image", new float[] {1, 0})));
            state = encoding.snapshot();
            waiting.allow(1);
        }
        try (TestingItemEncoding encoding = TestingItemEncoding.restored(encoder, layout, state)) {
            encoding.finish();

            assertThat(encoding.items().get(0).vector()).endsWith(1, 0);
        }
    }

    private static CatalogItem branded(String id, String brand) {
        return new CatalogItem(
                id,
                "Mug",
                "",
                List.of(),
                true,
                1,
                Map.of(),
                List.of(Attribute.category("brand", brand)));
    }

    private static CatalogItem pictured(String id, String title, Map<String, float[]> vectors) {
        return new CatalogItem(id, title, "", List.of(), true, 1, vectors);
    }

    @Test
    void aSnapshotWaitsForNothingAndARestoreLosesAndRepeatsNothing() throws Exception {
        TestingTextEncoder waiting = TestingTextEncoder.waiting();
        OperatorSubtaskState state;
        List<String> before;
        try (TestingItemEncoding encoding = TestingItemEncoding.with(waiting)) {
            encoding.process("done", "Done", 1);
            waiting.allow(1);
            encoding.finish();
            encoding.process("a", "A", 2);
            encoding.process("b", "B", 3);
            encoding.process("a", "A2", 4);
            encoding.process(item("done", "Done", false, 5));
            state = encoding.snapshot();
            before = encoding.trace();
            waiting.allow(10);
        }
        assertThat(before).containsExactly("done@1");

        TestingTextEncoder after = TestingTextEncoder.eager();
        try (TestingItemEncoding encoding = TestingItemEncoding.restored(after, state)) {
            encoding.watermark(5);
            encoding.finish();

            assertThat(encoding.trace())
                    .hasSize(5)
                    .contains("b@3", "done@5")
                    .containsSubsequence("a@2", "a@4")
                    .endsWith("~5");
            assertThat(after.texts()).containsExactlyInAnyOrder("A", "A2", "B");
            assertThat(encoding.items())
                    .filteredOn(item -> item.itemId().equals("done"))
                    .singleElement()
                    .satisfies(
                            item ->
                                    assertThat(item.vector())
                                            .containsExactly(TestingTextEncoder.vectorOf("Done")));
        }
    }

    @Test
    void aSnapshotDropsWhatLeftSinceTheOneBefore() throws Exception {
        TestingTextEncoder waiting = TestingTextEncoder.waiting();
        OperatorSubtaskState state;
        try (TestingItemEncoding encoding = TestingItemEncoding.with(waiting)) {
            encoding.process("a", "A", 1);
            encoding.process("b", "B", 1);
            encoding.snapshot();
            assertThat(encoding.keysOf("pending-items")).containsExactlyInAnyOrder("a", "b");

            waiting.allow(1);
            encoding.awaitOutput(1);
            encoding.snapshot();
            assertThat(encoding.keysOf("pending-items")).containsExactly("b");

            waiting.allow(1);
            encoding.finish();
            state = encoding.snapshot();
            assertThat(encoding.keysOf("pending-items")).isEmpty();
            assertThat(encoding.keysOf("encoded-content")).containsExactlyInAnyOrder("a", "b");
        }
        TestingTextEncoder after = TestingTextEncoder.eager();
        try (TestingItemEncoding encoding = TestingItemEncoding.restored(after, state)) {
            encoding.process("a", "A", 2);
            encoding.finish();

            assertThat(encoding.trace()).containsExactly("a@2");
            assertThat(after.batches()).isEmpty();
        }
    }

    @Test
    void queuedItemsGoWithTheirKeysAtAnotherParallelism() throws Exception {
        TestingTextEncoder waiting = TestingTextEncoder.waiting();
        OperatorSubtaskState state;
        try (TestingItemEncoding encoding = TestingItemEncoding.with(waiting)) {
            for (int i = 0; i < 10; i++) {
                encoding.process("i" + i, "Title " + i, i);
            }
            state = encoding.snapshot();
            waiting.allow(10);
        }
        try (TestingItemEncoding first = TestingItemEncoding.half(encoder, state, 0);
                TestingItemEncoding second = TestingItemEncoding.half(encoder, state, 1)) {
            first.finish();
            second.finish();

            assertThat(first.items()).isNotEmpty();
            assertThat(second.items()).isNotEmpty();
            assertThat(encoder.texts()).hasSize(10).doesNotHaveDuplicates();
        }
    }

    @Test
    void anotherEncoderEncodesAllTextsAnew() throws Exception {
        OperatorSubtaskState state;
        try (TestingItemEncoding encoding = TestingItemEncoding.with(encoder)) {
            encoding.process("a", "A", 1);
            encoding.finish();
            state = encoding.snapshot();
        }
        TestingTextEncoder other = TestingTextEncoder.eager("other");
        try (TestingItemEncoding encoding = TestingItemEncoding.restored(other, state)) {
            encoding.process("a", "A", 2);
            encoding.finish();

            assertThat(other.texts()).containsExactly("A");
        }
    }
}
