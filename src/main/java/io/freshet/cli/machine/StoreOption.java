package io.freshet.cli.machine;

import io.freshet.config.StoreConfig;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import picocli.CommandLine.Option;

/** {@code --store}: the model store that a command reads or adds to. */
public final class StoreOption {

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

    /** Opens the store beside whoever writes to it. */
    public ModelStore open() throws IOException {
        return new ModelStore(new StoreConfig(path(), StoreConfig.RETAIN.defaultValue(), 0));
    }

    /** The store as a URI, after which its file system is known. */
    public String path() {
        if (!store.contains("://")) {
            return Path.of(store).toAbsolutePath().toUri().toString();
        }
        Configuration flink = GlobalConfiguration.loadConfiguration();
        FileSystem.initialize(flink, PluginUtils.createPluginManagerFromRootFolder(flink));
        return store;
    }

    /** As it was given. */
    @Override
    public String toString() {
        return store;
    }
}
