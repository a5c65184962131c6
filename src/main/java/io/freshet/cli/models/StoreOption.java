package io.freshet.cli.models;

import io.freshet.config.StoreConfig;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import picocli.CommandLine.Option;

/** {@code --store}: the model store that a command reads. */
final class StoreOption {

    @Option(
            names = "--store",
            paramLabel = "DIR",
            required = true,
            description = {
                "Model store: a directory, or a URI that Flink supports.",
                "For s3:// and others, FLINK_PLUGINS_DIR names the directory of Flink's plugins,"
                        + " and FLINK_CONF_DIR that of Flink's configuration."
            })
    private String store = "";

    /** Opens the store to be read. */
    ModelStore open() throws IOException {
        boolean uri = store.contains("://");
        if (uri) {
            Configuration flink = GlobalConfiguration.loadConfiguration();
            FileSystem.initialize(flink, PluginUtils.createPluginManagerFromRootFolder(flink));
        }
        String path = uri ? store : Path.of(store).toAbsolutePath().toUri().toString();
        return new ModelStore(new StoreConfig(path, StoreConfig.RETAIN.defaultValue(), 0));
    }
}
