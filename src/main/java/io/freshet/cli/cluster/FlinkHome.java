package io.freshet.cli.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flink's distribution, whose configuration and client are used. */
final class FlinkHome {

    @Option(
            names = "--flink-conf",
            paramLabel = "DIR",
            description =
                    "Directory of Flink's config.yaml; by default that of the environment,"
                            + " FLINK_CONF_DIR or FLINK_HOME/conf.")
    private @Nullable Path conf;

    @Option(
            names = "--flink",
            paramLabel = "DIR",
            description = "Flink's distribution; by default the environment's FLINK_HOME.")
    private @Nullable Path home;

    /**
     * Flink's configuration, after which its file systems are known as well; null if there is none.
     */
    @Nullable Configuration configuration() {
        Path directory = confDirectory(System.getenv());
        if (directory == null) {
            return null;
        }
        Configuration loaded = GlobalConfiguration.loadConfiguration(directory.toString());
        FileSystem.initialize(loaded, PluginUtils.createPluginManagerFromRootFolder(loaded));
        return loaded;
    }

    /** The script that submits jobs. */
    Path client() {
        Path found = homeDirectory(System.getenv());
        Path client = found == null ? null : found.resolve("bin").resolve("flink");
        if (client == null || !Files.isExecutable(client)) {
            throw new IllegalStateException(
                    "Flink's client: found %s, expected bin/flink in Flink's distribution; name its directory by --flink, or by FLINK_HOME"
                            .formatted(client == null ? "no FLINK_HOME" : "no program " + client));
        }
        return client;
    }

    /** Where config.yaml is, null if that is unknown. */
    @Nullable Path confDirectory(Map<String, String> environment) {
        if (conf != null) {
            return conf;
        }
        String named = environment.get("FLINK_CONF_DIR");
        if (named != null && home == null) {
            return Path.of(named);
        }
        Path found = homeDirectory(environment);
        return found == null ? null : found.resolve("conf");
    }

    private @Nullable Path homeDirectory(Map<String, String> environment) {
        String named = environment.get("FLINK_HOME");
        return home != null ? home : named == null ? null : Path.of(named);
    }
}
