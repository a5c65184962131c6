package io.freshet;

import io.freshet.config.StoreConfig;
import io.freshet.event.ModelCheckpoint;
import io.freshet.model.ModelRuntime;
import io.freshet.model.RecommenderModel;
import io.freshet.recommend.ModelSource;
import io.freshet.store.ModelStore;
import java.io.IOException;

/** Loads announced versions from the model store, verified. */
record StoredModels(StoreConfig store, ModelRuntime runtime) implements ModelSource {

    @Override
    public RecommenderModel load(ModelCheckpoint checkpoint) throws IOException {
        try (ModelStore versions = new ModelStore(store)) {
            return runtime.load(versions.localCopy(checkpoint.version(), checkpoint.fingerprint()));
        }
    }
}
