package io.freshet.training.version;

import io.freshet.event.AuditEvent;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.ModelRevision;
import io.freshet.event.ModelUpdate;
import io.freshet.event.OffsetRange;
import io.freshet.model.ContentLayout;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import io.freshet.store.StoredUpdate;
import io.freshet.training.Job;
import io.freshet.training.Outcome;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A return to an earlier version, or to an update of one: where it leads, and the verdict. */
public final class Rollback {

    private final ModelStore store;
    private final Job.RollBack job;
    private final Manifest manifest;
    private final @Nullable StoredUpdate update;
    private final int updates;

    /**
     * Finds what a control asks for; the files are not looked at.
     *
     * @param content layout of items' content vectors
     * @throws StoreException if it is missing, foreign, or takes other content vectors
     */
    public Rollback(ModelStore store, ContentLayout content, Job.RollBack job) throws IOException {
        long version = job.control().version();
        if (version > job.announced()
                || job.foreign().stream().anyMatch(range -> range.contains(version))) {
            throw new StoreException(
                    "Version %d was never announced by this job, whose newest is %d; the store has %s"
                            .formatted(version, job.announced(), store.versions()));
        }
        this.store = store;
        this.job = job;
        this.manifest = store.manifest(version);
        BaseVersion.requireContent(manifest, content);
        this.update = job.control().update() == 0 ? null : update();
        this.updates = update == null ? 0 : store.updates().chain(update.revision()).size();
    }

    /**
     * The update that the control names. After an earlier rollback there may be two of a number.
     */
    private StoredUpdate update() throws IOException {
        long number = job.control().update();
        List<StoredUpdate> all = store.updates().of(manifest.version());
        List<StoredUpdate> found =
                all.stream().filter(each -> each.header().update() == number).toList();
        if (found.size() > 1 && job.revision().version() == manifest.version()) {
            List<StoredUpdate> live = store.updates().chain(job.revision());
            found = live.stream().filter(each -> each.header().update() == number).toList();
        }
        if (found.size() != 1) {
            throw new StoreException(
                    "Version %d has %d updates of number %d, expected one; it has %s"
                            .formatted(
                                    manifest.version(),
                                    found.size(),
                                    number,
                                    all.stream().map(each -> each.header().update()).toList()));
        }
        return found.get(0);
    }

    /** The revision that the control asks for. */
    public ModelRevision target() {
        return update == null ? manifest.revision() : update.revision();
    }

    /** Whether that is live already. */
    public boolean isNeedless() {
        ModelRevision live = job.revision();
        return live.version() == manifest.version()
                && job.updates() == updates
                && live.updateFingerprint().equals(target().updateFingerprint());
    }

    /**
     * The outcome of a rollback that was done.
     *
     * @param lost content of items that the target does not have
     */
    public Outcome done(List<EncodedItem> lost) {
        return done(lost, "");
    }

    /** The outcome of a rollback that was done, when what it left can't be read. */
    public Outcome doneBlindly(IOException found) {
        String unknown =
                ", which can't be read, so content of items that only later versions have waits for"
                        + " their next catalog records: ";
        return done(List.of(), unknown + found.getMessage());
    }

    private Outcome done(List<EncodedItem> lost, String unknown) {
        String reason =
                "control %s rolled back to version %d%s from version %d and %d updates since%s"
                        .formatted(
                                job.control().controlId(),
                                manifest.version(),
                                update == null ? "" : ", update " + update.header().update(),
                                job.revision().version(),
                                job.updates(),
                                unknown);
        return new Outcome(
                job,
                target(),
                List.of(),
                announcement(),
                verdict(reason),
                null,
                new Outcome.RolledBack(updates, windowEnd()),
                lost,
                new Outcome.Answer(AuditEvent.Outcome.APPLIED, reason));
    }

    private long windowEnd() {
        return update == null ? manifest.windowEnd() : update.header().windowEnd();
    }

    private @Nullable ModelUpdate announcement() {
        return update == null
                ? null
                : new ModelUpdate(
                        update.revision(),
                        target().withoutUpdates(),
                        update.header().windowEnd(),
                        Offsets.last(update.header().offsets()));
    }

    /** Offsets count from the base; what is older has none. */
    private ModelCheckpoint verdict(String reason) {
        boolean sinceBase = manifest.version() >= job.base();
        List<OffsetRange> offsets = sinceBase ? manifest.trainedOffsets() : List.of();
        return new ModelCheckpoint(
                manifest.version(),
                job.revision().version(),
                Verdict.ROLLED_BACK,
                reason,
                store.path(manifest.version()).toString(),
                job.windows(),
                manifest.windowStart(),
                windowEnd(),
                0,
                0,
                0,
                Float.NaN,
                Float.NaN,
                Float.NaN,
                0,
                offsets,
                job.updates(),
                job.control().controlId(),
                manifest.fingerprint(),
                "",
                0,
                Float.NaN,
                0);
    }
}
