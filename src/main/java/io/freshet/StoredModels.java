package io.freshet;

import io.freshet.config.StoreConfig;
import io.freshet.event.ModelRevision;
import io.freshet.model.ModelRuntime;
import io.freshet.model.RecommenderModel;
import io.freshet.model.WeightChanges;
import io.freshet.recommend.model.MissingStoreException;
import io.freshet.recommend.model.ModelSource;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import io.freshet.store.StoredUpdate;
import io.freshet.store.UpdateLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Loads announced versions and updates from the model store, verified. */
record StoredModels(StoreConfig store, ModelRuntime runtime) implements ModelSource {

    @Override
    public ModelSource onDevice(Supplier<String> assignedGpu) {
        return new StoredModels(store, runtime.onDevice(assignedGpu));
    }

    @Override
    public RecommenderModel load(ModelRevision revision) throws IOException {
        try (ModelStore versions = new ModelStore(store)) {
            Path directory = localCopy(versions, revision);
            RecommenderModel model = runtime.load(directory);
            try {
                model.serveOnly();
                importAll(model, versions.updates(), revision);
            } catch (IOException | RuntimeException e) {
                model.close();
                throw e;
            }
            return model;
        }
    }

    private Path localCopy(ModelStore versions, ModelRevision revision) throws IOException {
        try {
            return versions.localCopy(revision.version(), revision.fingerprint());
        } catch (StoreException e) {
            if (!versions.exists()) {
                throw new MissingStoreException(store.path(), e);
            }
            throw e;
        }
    }

    private static void importAll(RecommenderModel model, UpdateLog log, ModelRevision revision)
            throws IOException {
        if (!revision.hasUpdates()) {
            return;
        }
        for (StoredUpdate update : log.chain(revision)) {
            try {
                model.importChanges(log.read(update));
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        "Update %d of version %d can't be imported: %s"
                                .formatted(
                                        update.header().update(),
                                        revision.version(),
                                        e.getMessage()),
                        e);
            }
        }
    }

    @Override
    public Optional<List<WeightChanges>> changes(ModelRevision from, ModelRevision to)
            throws IOException {
        if (!to.hasUpdates() || !from.withoutUpdates().equals(to.withoutUpdates())) {
            return Optional.empty();
        }
        try (ModelStore versions = new ModelStore(store)) {
            UpdateLog log = versions.updates();
            List<StoredUpdate> chain = log.chain(to);
            int next = 0;
            while (next < chain.size() && !chain.get(next).header().parent().equals(from)) {
                next++;
            }
            if (next == chain.size()) {
                return Optional.empty();
            }
            List<WeightChanges> changes = new ArrayList<>();
            for (StoredUpdate update : chain.subList(next, chain.size())) {
                changes.add(log.read(update));
            }
            return Optional.of(changes);
        }
    }
}
