package io.freshet.training.learn;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.EncodedItem;
import io.freshet.event.ModelRevision;
import io.freshet.model.ModelRuntime;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.training.TestingSequences;
import io.freshet.training.Trainer.FitJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version and the updates since make the same bytes as the training did, on the real model. */
class LocalTrainerITCase {

    private static final ModelRuntime RUNTIME = new TensorFlowModelRuntime(1);

    @TempDir private Path root;

    @Test
    void updates_on_their_version_make_the_variables_that_training_made() throws IOException {
        TestingRevisions revisions = new TestingRevisions(root.resolve("1"));
        try (LocalTrainer made = trainer(revisions);
                LocalTrainer follower = trainer(revisions)) {
            made.fit(job(1, "a", "b", "c", "a"));
            ModelRevision version = revisions.publish(made);
            Map<String, String> first = variables(made, "first");
            revisions.append(made, made.fit(job(2, "a", "c", "d", "e")));
            ModelRevision newest = revisions.append(made, made.fit(job(3, "d", "b", "f", "a")));
            Map<String, String> trained = variables(made, "trained");

            follower.sync(newest);
            assertThat(variables(follower, "read")).isEqualTo(trained).isNotEqualTo(first);

            follower.fit(job(4, "g", "a", "b"));
            follower.sync(version);
            assertThat(variables(follower, "undone")).isEqualTo(first);
            follower.sync(newest);
            assertThat(variables(follower, "again")).isEqualTo(trained);
        }
    }

    private LocalTrainer trainer(TestingRevisions revisions) {
        return new LocalTrainer(RUNTIME, TestingSequences.settings(root), revisions, () -> false);
    }

    private Map<String, String> variables(LocalTrainer trainer, String name) throws IOException {
        Path directory = Files.createDirectories(root.resolve(name));
        trainer.model().save(directory);
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory.resolve("variables"))) {
            for (Path file : all.toList()) {
                files.put(
                        file.getFileName().toString(),
                        HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private static FitJob job(long window, String... items) {
        EncodedItem content =
                new EncodedItem(
                        items[0], true, window, new float[] {window, 1f / window}, List.of());
        return new FitJob(
                window,
                10 * window,
                List.of(sequence("u", 10 * window, 0, items.length, items)),
                List.of(),
                List.of(content),
                List.of(),
                Map.of(),
                List.of(),
                1);
    }
}
