package io.freshet.training;

import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.OffsetRange;
import io.freshet.model.ContentLayout;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A return to an earlier version: whether it can be, the verdict, and what must not get lost. */
final class Rollback {

    private static final int ROWS_AT_ONCE = 1024;

    private final ModelStore store;
    private final ContentLayout content;
    private final RollbackTask task;
    private final Standing left;
    private final long version;

    /**
     * @param content layout of items' content vectors
     */
    Rollback(ModelStore store, ContentLayout content, RollbackTask task) {
        this.store = store;
        this.content = content;
        this.task = task;
        this.left = task.standing();
        this.version = task.control().version();
    }

    /** Whether the version is what is live, with nothing to be taken back. */
    boolean isNeedless() {
        return left.version() == version && left.applied().isEmpty();
    }

    /**
     * The version's manifest; its files are not looked at.
     *
     * @throws StoreException if the version is missing, foreign, or takes other content
     */
    Manifest require() throws IOException {
        if (version > task.announced() || task.foreign().contains(version)) {
            throw new StoreException(
                    "Version "
                            + version
                            + " was never announced by this job, whose newest is "
                            + task.announced()
                            + "; the store has "
                            + store.versions());
        }
        Manifest manifest = store.manifest(version);
        BaseVersion.requireContent(manifest, content);
        return manifest;
    }

    /**
     * The outcome of a rollback that was done.
     *
     * @param lost content of items that the version does not have
     */
    RollbackOutcome done(Manifest manifest, List<EncodedItem> lost) {
        return done(manifest, lost, "");
    }

    /** The outcome of a rollback that was done, when what it left can't be read. */
    RollbackOutcome doneBlindly(Manifest manifest, IOException found) {
        String unknown =
                ", which can't be read, so content of items that only later versions have waits for"
                        + " their next catalog records: ";
        return done(manifest, List.of(), unknown + found.getMessage());
    }

    private RollbackOutcome done(Manifest manifest, List<EncodedItem> lost, String unknown) {
        int updates = left.applied().size();
        String reason =
                "control "
                        + task.control().controlId()
                        + " rolled back to version "
                        + version
                        + " from version "
                        + left.version()
                        + " and "
                        + updates
                        + " updates since"
                        + unknown;
        return new RollbackOutcome(
                task, Outcome.APPLIED, reason, verdict(manifest, reason, updates), lost);
    }

    /** Offsets count from the base; what is older has none. */
    private ModelCheckpoint verdict(Manifest manifest, String reason, int updates) {
        List<OffsetRange> offsets = version >= left.base() ? manifest.trainedOffsets() : List.of();
        return new ModelCheckpoint(
                version,
                left.version(),
                Verdict.ROLLED_BACK,
                reason,
                store.path(version).toString(),
                task.windows(),
                manifest.windowStart(),
                manifest.windowEnd(),
                0,
                0,
                0,
                Float.NaN,
                Float.NaN,
                Float.NaN,
                0,
                offsets,
                updates,
                task.control().controlId(),
                manifest.fingerprint());
    }

    /**
     * Content of items that one model has and another lacks, or has otherwise, or does not tell:
     * the catalog tells it only once.
     */
    static List<EncodedItem> contentLost(LoadedModel from, LoadedModel to) {
        List<EncodedItem> lost = new ArrayList<>();
        if (from.model().featureWidth() != to.model().featureWidth()) {
            return lost;
        }
        int rows = from.vocabulary().size();
        for (int first = 1; first < rows; first += ROWS_AT_ONCE) {
            List<String> items =
                    IntStream.range(first, Math.min(rows, first + ROWS_AT_ONCE))
                            .mapToObj(from.vocabulary()::itemId)
                            .filter(item -> !item.isEmpty())
                            .toList();
            float[][] content = from.content(items);
            float[] none = new float[from.model().featureWidth()];
            lost.addAll(
                    to.lacking(
                            IntStream.range(0, content.length)
                                    .filter(i -> !Arrays.equals(content[i], none))
                                    .mapToObj(i -> item(items.get(i), content[i]))
                                    .toList()));
        }
        return lost;
    }

    private static EncodedItem item(String id, float[] vector) {
        return new EncodedItem(id, "", true, 0, vector, List.of());
    }
}
