package io.freshet.training.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.EncodedItem;
import io.freshet.model.ModelRuntime;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.Trainer.FitJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Content that another model lacks, above all models of releases that can't give theirs. */
class LostContentTest {

    private static final EncodedItem SAME = item("same", 1, 0);
    private static final EncodedItem NEW = item("new", 0, 1);

    @TempDir private Path root;

    @Test
    void content_that_the_other_model_lacks_or_has_otherwise_is_lost() {
        try (IndexedModel left = model(new TestingModelRuntime(), SAME, NEW, item("other", 1, 1));
                IndexedModel reached =
                        model(new TestingModelRuntime(), SAME, item("other", 2, 2))) {
            assertThat(left.contentLostIn(reached))
                    .extracting(EncodedItem::itemId)
                    .containsExactly("new", "other");
            assertThat(left.contentLostIn(reached).get(0).vector()).containsExactly(0, 1);
        }
    }

    @Test
    void all_content_is_lost_in_a_model_that_can_not_give_its_own() {
        try (IndexedModel left = model(new TestingModelRuntime(), SAME, NEW);
                IndexedModel reached = model(TestingModelRuntime.withoutExport(), SAME)) {
            assertThat(left.contentLostIn(reached))
                    .extracting(EncodedItem::itemId)
                    .containsExactlyInAnyOrder("same", "new");
            assertThat(reached.contentLostIn(left)).isEmpty();
        }
    }

    private IndexedModel model(ModelRuntime runtime, EncodedItem... items) {
        IndexedModel model = IndexedModel.create(runtime, TestingSequences.settings(root).spec());
        model.prepare(
                new FitJob(
                        1,
                        10,
                        List.of(),
                        List.of(),
                        List.of(items),
                        List.of(),
                        Map.of(),
                        List.of(),
                        1),
                TestingSequences.training().vocabulary(),
                1);
        return model;
    }

    private static EncodedItem item(String id, float... vector) {
        return new EncodedItem(id, true, 0, vector, List.of());
    }
}
