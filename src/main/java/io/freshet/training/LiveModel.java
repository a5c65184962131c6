package io.freshet.training;

import io.freshet.event.ModelDelta;
import io.freshet.event.OffsetRange;
import io.freshet.model.ModelRuntime;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * The live model as it is in memory: a version, and the updates since. When it is not what a task
 * is about (after a restore, or when an update was taken back), it is made again: the version is
 * loaded, and its updates are trained as they were.
 */
final class LiveModel implements AutoCloseable {

    private final ModelRuntime runtime;
    private final ModelStore store;
    private final TrainingSettings settings;
    private final FineTuning fineTuning;
    private final List<Long> applied = new ArrayList<>();
    private @Nullable LoadedModel model;
    private long version;

    /** The first version of the model's graph: earlier ones can't be restored into it. */
    private long firstOfGraph;

    /** Whether the weights are others than the version and its updates make. */
    private boolean astray;

    LiveModel(
            ModelRuntime runtime,
            ModelStore store,
            TrainingSettings settings,
            FineTuning fineTuning) {
        this.runtime = runtime;
        this.store = store;
        this.settings = settings;
        this.fineTuning = fineTuning;
    }

    /** The model, or null if there is none yet. */
    @Nullable LoadedModel orNull() {
        return model;
    }

    /** The model; a new one if there is none yet. */
    LoadedModel orNew() {
        if (model == null) {
            model = LoadedModel.create(runtime, settings.spec());
        }
        return model;
    }

    /** The newest version in it, 0 if there is none. */
    long version() {
        return version;
    }

    /** Updates since the version. */
    int updates() {
        return applied.size();
    }

    /**
     * Makes it what a task is about.
     *
     * @return the updates that had to be made again
     * @throws IOException if the version is missing or damaged
     */
    List<ModelDelta> stand(Standing standing) throws IOException {
        boolean same = standing.version() == version && standing.windows().equals(applied);
        if (same && !astray && (model != null || version == 0)) {
            return List.of();
        }
        load(standing.version(), standing.fingerprint());
        List<ModelDelta> deltas = new ArrayList<>();
        for (AppliedUpdate update : standing.applied()) {
            fineTuning.redo(orNew(), update);
            ModelDelta delta = apply(update);
            if (delta != null) {
                deltas.add(delta);
            }
        }
        return deltas;
    }

    /**
     * Makes a version the live model, with no updates; 0 for none.
     *
     * @throws IOException if the version is missing or damaged
     */
    void load(long wanted, @Nullable String fingerprint) throws IOException {
        astray = true;
        if (wanted == 0) {
            close();
        } else {
            BaseVersion.requireContent(store.manifest(wanted), settings.content());
            Path stored = store.localCopy(wanted, fingerprint);
            if (model != null && wanted >= firstOfGraph) {
                model.restore(stored);
            } else {
                replace(LoadedModel.load(runtime, stored), wanted);
            }
        }
        stands(wanted);
    }

    /** Puts a version that may be of another graph in its place. */
    void replace(LoadedModel other, long itsVersion) {
        close();
        model = other;
        firstOfGraph = itsVersion;
        stands(itsVersion);
    }

    /** Puts a model of another graph in its place, of which the store has no version yet. */
    void replace(LoadedModel unwritten) {
        replace(unwritten, 0);
        firstOfGraph = Long.MAX_VALUE;
    }

    /**
     * Enters an update that the weights have taken.
     *
     * @return what changed, or null if the model does not tell
     */
    @Nullable ModelDelta apply(AppliedUpdate update) {
        applied.add(update.mark().window());
        LoadedModel changed = orNew();
        if (!changed.model().tellsChanges()) {
            return null;
        }
        long through =
                Offsets.of(update.trained()).stream().mapToLong(OffsetRange::last).max().orElse(-1);
        return new ModelDelta(
                version, applied.size(), update.mark().end(), through, changed.model().changes());
    }

    /** Enters that it was written, with all its updates. */
    void written(long itsVersion) {
        firstOfGraph = Math.min(firstOfGraph, itsVersion);
        stands(itsVersion);
    }

    /** Has it made again before it is used next: an update that its weights took is refused. */
    void takeBack() {
        astray = true;
    }

    /**
     * Looks at the version without its updates, through the one session that there is.
     *
     * @throws IOException if the version is missing or damaged
     */
    <T> T atVersion(@Nullable String fingerprint, Function<LoadedModel, T> look)
            throws IOException {
        LoadedModel updated = orNew();
        Path stored = store.localCopy(version, fingerprint);
        Path aside = Files.createTempDirectory("freshet-challenger");
        try {
            updated.model().save(aside);
            astray = true;
            updated.restore(stored);
            T found = look.apply(updated);
            updated.restore(aside);
            astray = false;
            return found;
        } finally {
            FileUtils.deleteDirectoryQuietly(aside.toFile());
        }
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
            model = null;
        }
    }

    private void stands(long itsVersion) {
        version = itsVersion;
        applied.clear();
        astray = false;
    }
}
