package io.freshet.cli;

import io.freshet.BaseTraining;
import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import io.freshet.replay.ReplayModels;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** A replay's models, in the configured store. */
final class StoredModels implements ReplayModels {

    private static final long BASE = 1;

    private final BaseTraining training;

    StoredModels(BaseTraining training) {
        this.training = training;
    }

    @Override
    public void makeBase(
            FreshetConfig config, Collection<List<Interaction>> histories, List<CatalogItem> items)
            throws IOException {
        training.make(config, histories, items);
    }

    @Override
    public void deleteOld(FreshetConfig config) throws IOException {
        try (ModelStore store = new ModelStore(config.store())) {
            long newest = store.newest().orElse(BASE);
            store.announced(newest); // there is no checkpoint that could lead back
            store.retain(newest, newest, Set.of(BASE));
        }
    }
}
