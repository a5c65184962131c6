package io.freshet.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.externalresource.ExternalResourceDriver;
import org.apache.flink.api.common.externalresource.ExternalResourceDriverFactory;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;

/** A driver of external resources, as a plugin: gives one GPU of the index that is configured. */
public final class MadeUpGpu implements ExternalResourceDriverFactory {

    /** Key of the index in the driver's own options. */
    static final String INDEX = "index";

    @Override
    public ExternalResourceDriver createExternalResourceDriver(Configuration config) {
        String index = config.get(ConfigOptions.key(INDEX).stringType().noDefaultValue());
        return amount -> Set.of(new Info(index));
    }

    private record Info(String index) implements ExternalResourceInfo {

        @Override
        public Optional<String> getProperty(String key) {
            return key.equals(INDEX) ? Optional.of(index) : Optional.empty();
        }

        @Override
        public Collection<String> getKeys() {
            return List.of(INDEX);
        }
    }
}
