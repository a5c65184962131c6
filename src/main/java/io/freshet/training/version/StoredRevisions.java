package io.freshet.training.version;

import io.freshet.event.ModelRevision;
import io.freshet.model.ContentLayout;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoredUpdate;
import io.freshet.training.learn.Revisions;
import java.io.IOException;

/** Revisions as the model store has them. */
public final class StoredRevisions implements Revisions {

    private static final String GRAPH_FILE = "saved_model.pb";

    private final ModelStore store;
    private final ContentLayout content;
    private final StoreTimes times;

    /**
     * @param content layout of content vectors that versions must take
     */
    public StoredRevisions(ModelStore store, ContentLayout content, StoreTimes times) {
        this.store = store;
        this.content = content;
        this.times = times;
    }

    @Override
    public Snapshot version(ModelRevision revision) throws IOException {
        Manifest manifest = store.manifest(revision.version());
        BaseVersion.requireContent(manifest, content);
        return new Snapshot(
                times.read(() -> store.localCopy(revision.version(), revision.fingerprint())),
                manifest.sha256(GRAPH_FILE),
                manifest.windowEnd());
    }

    @Override
    public void updates(ModelRevision revision, UpdateConsumer consumer) throws IOException {
        for (StoredUpdate update : times.read(() -> store.updates().chain(revision))) {
            consumer.accept(
                    times.read(() -> store.updates().read(update)), update.header().lastUsed());
        }
    }
}
