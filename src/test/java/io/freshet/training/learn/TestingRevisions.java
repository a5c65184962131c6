package io.freshet.training.learn;

import io.freshet.event.ModelRevision;
import io.freshet.model.WeightChanges;
import io.freshet.training.Trainer.Fit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Revisions of one version in a directory, with its updates in memory. Counts what is read. */
final class TestingRevisions implements Revisions {

    private record Update(WeightChanges changes, Map<String, Long> lastUsed) {}

    private final Path directory;
    private final List<Update> updates = new ArrayList<>();
    private ModelRevision newest = ModelRevision.ofVersion(1, "one");
    private int reads;

    TestingRevisions(Path directory) {
        this.directory = directory;
    }

    /** Makes a trainer's model the version, and a revision that the trainer has in memory. */
    ModelRevision publish(LocalTrainer trainer) throws IOException {
        trainer.model().save(Files.createDirectories(directory));
        trainer.writtenAs(newest);
        return newest;
    }

    /** Makes what was fitted the next update, and a revision that the trainer has in memory. */
    ModelRevision append(LocalTrainer trainer, Fit fit) {
        updates.add(new Update(Objects.requireNonNull(fit.changes()), fit.rows().lastUsed()));
        newest = newest.after(newest.update() + 1, "update " + (newest.update() + 1));
        trainer.writtenAs(newest);
        return newest;
    }

    /** How often a version was read. */
    int reads() {
        return reads;
    }

    @Override
    public Snapshot version(ModelRevision revision) throws IOException {
        if (revision.version() != 1) {
            throw new IOException("Version %d is missing".formatted(revision.version()));
        }
        reads++;
        return new Snapshot(directory, "graph", 10);
    }

    @Override
    public void updates(ModelRevision revision, UpdateConsumer consumer) {
        for (Update update : updates.subList(0, (int) revision.update())) {
            consumer.accept(update.changes(), update.lastUsed());
        }
    }
}
