package io.freshet.training;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** The version that a job without state starts from. */
final class BaseVersion {

    /**
     * Record timestamp of its announcement: before every event, and still a time that Kafka takes.
     */
    static final long TIMESTAMP = 0;

    private BaseVersion() {}

    /**
     * Where a job without state stands.
     *
     * @param wanted the configured version; 0 for the newest in the store, or none
     * @throws IOException if the configured version is missing, foreign or damaged
     */
    static FineTuneState find(ModelStore store, long wanted) throws IOException {
        FineTuneState state = new FineTuneState();
        OptionalLong version = wanted > 0 ? OptionalLong.of(wanted) : store.newest();
        if (version.isPresent()) {
            Manifest manifest = store.verify(version.getAsLong());
            state.live = manifest.version();
            state.base = manifest.version();
            state.announced = manifest.version();
            state.trainedThrough = manifest.trainedThrough();
        }
        return state;
    }

    /** Announces a version as the base. */
    static ModelCheckpoint announce(ModelStore store, long version) throws IOException {
        Manifest manifest = store.manifest(version);
        return new ModelCheckpoint(
                version,
                manifest.parent(),
                Verdict.PROMOTED,
                "base version",
                store.path(version).toString(),
                0,
                manifest.windowStart(),
                manifest.windowEnd(),
                0,
                0,
                0,
                Float.NaN,
                Float.NaN,
                Float.NaN,
                0,
                List.of(),
                0);
    }
}
