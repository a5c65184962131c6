package io.freshet.replay;

import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** What a replay itself does with models; the rest is the job's. */
public interface ReplayModels {

    /**
     * Pre-trains a model and writes it to the configured store as its first version.
     *
     * @param histories each user's interactions in order of time
     * @param items the catalog's records of the items among them
     */
    void makeBase(
            FreshetConfig config, Collection<List<Interaction>> histories, List<CatalogItem> items)
            throws IOException;

    /**
     * Deletes old versions when the job has ended, but not the base: a job deletes when it makes
     * checkpoints, and a replay makes none.
     */
    void deleteOld(FreshetConfig config) throws IOException;
}
