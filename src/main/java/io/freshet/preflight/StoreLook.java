package io.freshet.preflight;

import io.freshet.config.StoreConfig;
import io.freshet.config.option.Problems;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the submitting machine sees of a model store. A store that it can't reach may be fine: that
 * it can be written, and is the same for all, is checked by the tasks themselves.
 *
 * @param version the newest version of a job, in words
 * @param ownerGroup consumer group of whoever writes to it, empty if there is none
 */
record StoreLook(Optional<String> version, String ownerGroup) {

    private static final Logger LOG = LoggerFactory.getLogger(StoreLook.class);
    private static final StoreLook NOTHING = new StoreLook(Optional.empty(), "");

    /** Looks at a store; a file system that Flink does not know is added to {@code problems}. */
    static StoreLook of(StoreConfig config, Problems problems) {
        if (config.path().isEmpty() || problems.concern(StoreConfig.PATH.key())) {
            return NOTHING;
        }
        try (ModelStore store = new ModelStore(config)) {
            OptionalLong version = store.newestOfAJob();
            return new StoreLook(
                    version.isPresent()
                            ? Optional.of(
                                    "%s has version %d, which a job has made"
                                            .formatted(config.path(), version.getAsLong()))
                            : Optional.empty(),
                    store.writersGroup());
        } catch (UnsupportedFileSystemSchemeException e) {
            problems.add(
                    StoreConfig.PATH.key(),
                    config.path(),
                    "a scheme that Flink knows; %s, on the submitting machine, the job manager and every task manager"
                            .formatted(plugin(new Path(config.path()).toUri().getScheme())));
        } catch (IOException e) {
            LOG.warn(
                    "{} can't be looked at from here, so it is not checked for versions of an earlier run: {}",
                    config.path(),
                    e.toString());
        }
        return NOTHING;
    }

    private static String plugin(String scheme) {
        String jar =
                switch (scheme) {
                    case "s3", "s3a" -> "flink-s3-fs-hadoop";
                    case "gs" -> "flink-gs-fs-hadoop";
                    case "abfs", "abfss", "wasb", "wasbs" -> "flink-azure-fs-hadoop";
                    case "oss" -> "flink-oss-fs-hadoop";
                    default -> "";
                };
        return jar.isEmpty()
                ? "put the plugin for " + scheme + ":// into a directory of its own below plugins/"
                : "copy opt/%1$s-<version>.jar of Flink's distribution into plugins/%1$s/"
                        .formatted(jar);
    }
}
