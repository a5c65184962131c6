package io.freshet.demo;

import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Makes the model that the job starts from. */
@FunctionalInterface
public interface BaseModel {

    /**
     * Trains on history and writes the first version into the configured store.
     *
     * @param histories each user's distinct interactions in order of time
     * @param items what the catalog holds
     * @param progress told, in words, how far it has come
     */
    void make(
            FreshetConfig config,
            Collection<List<Interaction>> histories,
            List<CatalogItem> items,
            Consumer<String> progress)
            throws IOException;
}
