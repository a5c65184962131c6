package io.freshet.replay.ablation;

import io.freshet.config.FreshetConfig;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import io.freshet.replay.ReplayModels;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * Makes one base model, the first that is asked for, and gives copies of it to all later replays,
 * whose options must make the same.
 */
final class SharedBase implements ReplayModels {

    private static final String BASE = "1";

    private final ReplayModels models;
    private @Nullable Path made;

    SharedBase(ReplayModels models) {
        this.models = models;
    }

    @Override
    public void makeBase(
            FreshetConfig config, Collection<List<Interaction>> histories, List<CatalogItem> items)
            throws IOException {
        Path base = new Path(config.store().path(), BASE);
        if (made == null) {
            models.makeBase(config, histories, items);
            made = base;
        } else {
            FileUtils.copy(made, base, false);
        }
    }

    @Override
    public void deleteOld(FreshetConfig config) throws IOException {
        models.deleteOld(config);
    }
}
