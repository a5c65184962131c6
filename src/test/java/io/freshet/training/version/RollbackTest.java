package io.freshet.training.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.EncodedItem;
import io.freshet.model.ModelRuntime;
import io.freshet.model.TestingModelRuntime;
import io.freshet.training.TestingSequences;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What content gets lost by a rollback, above all with models of releases that don't tell it. */
class RollbackTest {

    private static final EncodedItem SAME = item("same", 1, 0);
    private static final EncodedItem NEW = item("new", 0, 1);

    @TempDir private Path root;

    @Test
    void content_that_the_earlier_version_lacks_or_has_otherwise_is_lost() {
        try (IndexedModel left = model(new TestingModelRuntime(), SAME, NEW, item("other", 1, 1));
                IndexedModel reached =
                        model(new TestingModelRuntime(), SAME, item("other", 2, 2))) {
            assertThat(Rollback.contentLost(left, reached))
                    .extracting(EncodedItem::itemId)
                    .containsExactly("new", "other");
        }
    }

    @Test
    void what_a_version_of_an_early_release_does_not_tell_is_told_it_again() {
        try (IndexedModel left = model(new TestingModelRuntime(), SAME, NEW);
                IndexedModel reached = model(TestingModelRuntime.untold(), SAME)) {
            assertThat(Rollback.contentLost(left, reached))
                    .extracting(EncodedItem::itemId)
                    .containsExactlyInAnyOrder("same", "new");
            assertThat(Rollback.contentLost(reached, left)).isEmpty();
        }
    }

    private IndexedModel model(ModelRuntime runtime, EncodedItem... items) {
        IndexedModel model = IndexedModel.create(runtime, TestingSequences.settings(root).spec());
        model.know(List.of(items), List.of(), 1);
        return model;
    }

    private static EncodedItem item(String id, float... vector) {
        return new EncodedItem(id, id, true, 0, vector, List.of());
    }
}
