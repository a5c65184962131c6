package io.freshet.training.version;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.model.ContentLayout;
import io.freshet.store.Manifest;
import io.freshet.store.ModelStore;
import io.freshet.store.StoreException;
import io.freshet.training.FineTuneState;
import io.freshet.training.TrainingSettings;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The version that a job without state starts from. */
public final class BaseVersion {

    private static final Logger LOG = LoggerFactory.getLogger(BaseVersion.class);

    /**
     * Record timestamp of its announcement: before every event, and still a time that Kafka takes.
     */
    public static final long TIMESTAMP = 0;

    private BaseVersion() {}

    /**
     * The state of a job that starts without one: from the configured version, or else from the
     * newest in the store, or from none.
     *
     * @throws IOException if the version is missing or damaged, or foreign and not the configured
     */
    public static FineTuneState find(ModelStore store, TrainingSettings settings)
            throws IOException {
        FineTuneState state = new FineTuneState();
        state.format = FineTuneState.FORMAT;
        state.architecture = settings.spec().architecture();
        long wanted = settings.store().base();
        OptionalLong version = wanted > 0 ? OptionalLong.of(wanted) : store.newest();
        if (version.isPresent()) {
            Manifest manifest = store.verify(version.getAsLong());
            requireOwn(manifest, wanted);
            state.live = manifest.version();
            state.fingerprint = manifest.fingerprint();
            state.base = manifest.version();
            state.announced = manifest.version();
            state.trainedThrough = manifest.trainedThrough();
        }
        return state;
    }

    private static void requireOwn(Manifest manifest, long wanted) throws StoreException {
        if (!manifest.writtenByFreshet() && manifest.version() != wanted) {
            throw new StoreException(
                    """
                    Version %d is the newest in the store, and its manifest does not say that a job \
                    of Freshet or `freshet pretrain` wrote it: found the writer '%s', expected \
                    'freshet'. A SavedModel is a program. If you trust it (an earlier release may \
                    have written it), name it: store.base-version: %d; if not, remove it from the \
                    store, or name another version"""
                            .formatted(manifest.version(), manifest.writer(), manifest.version()));
        }
    }

    /**
     * Refuses a version that takes other content vectors than the job makes: it would read one
     * number for another. A manifest without the layout is not checked.
     *
     * @throws StoreException if it does
     */
    public static void requireContent(Manifest manifest, ContentLayout content)
            throws StoreException {
        String found = manifest.content();
        if (!found.isEmpty() && !found.equals(content.toString())) {
            throw new StoreException(
                    "Version "
                            + manifest.version()
                            + " was trained on item content '"
                            + found
                            + "', but the options make '"
                            + content
                            + "'; expected encoder.* and item.modalities as they were, or a base"
                            + " version that was pre-trained with these options");
        }
    }

    /**
     * Refuses a live version that takes other content vectors. One that can't be read now is not
     * refused here: it is when it is loaded.
     *
     * @param live its number, 0 if there is none
     * @throws StoreException if it does
     */
    public static void requireContent(ModelStore store, long live, ContentLayout content)
            throws StoreException {
        Manifest manifest;
        try {
            manifest = live == 0 ? null : store.manifest(live);
        } catch (IOException e) {
            LOG.error("The live version can't be read: {}", e.toString());
            return;
        }
        if (manifest != null) {
            requireContent(manifest, content);
        }
    }

    /**
     * Announces a version as the base. Its window ends with the newest interaction that it was made
     * of, and not behind it: in a replay that is the place from which on it serves, and further
     * interactions of the same moment come after it.
     */
    public static ModelCheckpoint announce(ModelStore store, long version) throws IOException {
        Manifest manifest = store.manifest(version);
        return new ModelCheckpoint(
                version,
                manifest.parent(),
                Verdict.PROMOTED,
                "base version",
                store.path(version).toString(),
                0,
                manifest.windowStart(),
                manifest.trainedThrough(),
                0,
                0,
                0,
                Float.NaN,
                Float.NaN,
                Float.NaN,
                0,
                List.of(),
                0,
                manifest.fingerprint());
    }
}
